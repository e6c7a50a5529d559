package dev.aerie.kernel;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/// Rows of IEEE half precision. An int lane holds two of them, the one of odd index above.
///
/// With its exponent and fraction moved to the place that they have in a float32, a half is 2¹¹² times too
/// small, for the biases of the exponents are 15 and 127; a product puts that right, subnormal halves included.
/// Infinity and NaN do not come out of this. The vector loops only notice them, by the largest pattern that
/// they met, and leave the row to a plain loop: no trained weight is one.
final class Float16 implements Storage {

    static final Float16 ROWS = new Float16();

    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    private static final int SIGN_EXPONENT_FRACTION = 0x8FFF_E000;
    private static final float BIAS = 0x1p112f;

    private static final short MAGNITUDE = 0x7FFF;

    /// The smallest magnitude that is not a number.
    private static final short INFINITY = 0x7C00;

    private Float16() {}

    @Override
    public boolean isPaired() {
        return true;
    }

    @Override
    public float dot(MemorySegment memory, long at, int n, MemorySegment packed, int from) {
        var a = FloatVector.zero(FLOATS);
        var b = FloatVector.zero(FLOATS);
        var largest = ShortVector.zero(SHORTS);
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            var w = load(memory, at + 2L * i);
            a = even(w).fma(Packed.load(packed, from + i), a);
            b = odd(w).fma(Packed.load(packed, from + i + LANES), b);
            largest = largest.max(magnitudes(w));
        }
        float sum = a.add(b).reduceLanes(ADD);
        if (largest.reduceLanes(MAX) >= INFINITY) {
            sum = 0;
            for (int j = 0; j < i; j++) {
                sum += one(memory, at + 2L * j) * Packed.get(packed, from + Packed.place(j));
            }
        }
        for (; i < n; i++) {
            sum += one(memory, at + 2L * i) * Packed.get(packed, from + i);
        }
        return sum;
    }

    @Override
    public void tile(MemorySegment memory, long at, long next, int n, MemorySegment packed, int from, float[] sums) {
        var a0 = FloatVector.zero(FLOATS);
        var a1 = FloatVector.zero(FLOATS);
        var a2 = FloatVector.zero(FLOATS);
        var a3 = FloatVector.zero(FLOATS);
        var b0 = FloatVector.zero(FLOATS);
        var b1 = FloatVector.zero(FLOATS);
        var b2 = FloatVector.zero(FLOATS);
        var b3 = FloatVector.zero(FLOATS);
        var largest = ShortVector.zero(SHORTS);
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            int x = from + 4 * i;
            var w = load(memory, at + 2L * i);
            var v = load(memory, next + 2L * i);
            var evenW = even(w);
            var evenV = even(v);
            var x0 = Packed.load(packed, x);
            var x1 = Packed.load(packed, x + 2 * LANES);
            var x2 = Packed.load(packed, x + 4 * LANES);
            var x3 = Packed.load(packed, x + 6 * LANES);
            a0 = evenW.fma(x0, a0);
            a1 = evenW.fma(x1, a1);
            a2 = evenW.fma(x2, a2);
            a3 = evenW.fma(x3, a3);
            b0 = evenV.fma(x0, b0);
            b1 = evenV.fma(x1, b1);
            b2 = evenV.fma(x2, b2);
            b3 = evenV.fma(x3, b3);
            var oddW = odd(w);
            var oddV = odd(v);
            x0 = Packed.load(packed, x + LANES);
            x1 = Packed.load(packed, x + 3 * LANES);
            x2 = Packed.load(packed, x + 5 * LANES);
            x3 = Packed.load(packed, x + 7 * LANES);
            a0 = oddW.fma(x0, a0);
            a1 = oddW.fma(x1, a1);
            a2 = oddW.fma(x2, a2);
            a3 = oddW.fma(x3, a3);
            b0 = oddV.fma(x0, b0);
            b1 = oddV.fma(x1, b1);
            b2 = oddV.fma(x2, b2);
            b3 = oddV.fma(x3, b3);
            largest = largest.max(magnitudes(w).max(magnitudes(v)));
        }
        sums[0] = a0.reduceLanes(ADD);
        sums[1] = a1.reduceLanes(ADD);
        sums[2] = a2.reduceLanes(ADD);
        sums[3] = a3.reduceLanes(ADD);
        sums[4] = b0.reduceLanes(ADD);
        sums[5] = b1.reduceLanes(ADD);
        sums[6] = b2.reduceLanes(ADD);
        sums[7] = b3.reduceLanes(ADD);
        if (largest.reduceLanes(MAX) >= INFINITY) {
            Arrays.fill(sums, 0);
            for (int j = 0; j < i; j++) {
                int x = from + 4 * (j - j % STEP) + Packed.place(j % STEP);
                addOne(memory, at + 2L * j, next + 2L * j, packed, x, STEP, sums);
            }
        }
        int rest = n - i;
        for (int j = 0; j < rest; j++) {
            addOne(memory, at + 2L * (i + j), next + 2L * (i + j), packed, from + 4 * i + j, rest, sums);
        }
    }

    private static void addOne(
            MemorySegment memory, long at, long next, MemorySegment packed, int x, int stride, float[] sums) {
        float a = one(memory, at);
        float b = one(memory, next);
        for (int row = 0; row < 4; row++) {
            sums[row] += a * Packed.get(packed, x + row * stride);
            sums[4 + row] += b * Packed.get(packed, x + row * stride);
        }
    }

    private static IntVector load(MemorySegment memory, long at) {
        return IntVector.fromMemorySegment(INTS, memory, at, ByteOrder.LITTLE_ENDIAN);
    }

    private static FloatVector even(IntVector pairs) {
        return odd(pairs.lanewise(LSHL, 16));
    }

    /// The arithmetic shift copies the sign upwards, so one mask leaves sign, exponent and fraction and drops
    /// the rest.
    private static FloatVector odd(IntVector pairs) {
        return pairs.lanewise(ASHR, 3)
                .and(SIGN_EXPONENT_FRACTION)
                .reinterpretAsFloats()
                .mul(BIAS);
    }

    /// The patterns without their signs.
    private static ShortVector magnitudes(IntVector pairs) {
        return pairs.reinterpretAsShorts().and(MAGNITUDE);
    }

    private static float one(MemorySegment memory, long at) {
        return Float.float16ToFloat(memory.get(SHORT, at));
    }
}
