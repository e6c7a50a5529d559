package dev.aerie.kernel;

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
        float sum = Lanes.sum(a.add(b));
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

    /// One row after the other: a loop for both is more than the compiler inlines.
    @Override
    public void tile(MemorySegment memory, long at, long next, int n, MemorySegment packed, int from, float[] sums) {
        row(memory, at, n, packed, from, sums, 0);
        row(memory, next, n, packed, from, sums, 4);
    }

    private static void row(
            MemorySegment memory, long at, int n, MemorySegment packed, int from, float[] sums, int to) {
        var a = FloatVector.zero(FLOATS);
        var b = FloatVector.zero(FLOATS);
        var c = FloatVector.zero(FLOATS);
        var d = FloatVector.zero(FLOATS);
        var largest = ShortVector.zero(SHORTS);
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            var w = load(memory, at + 2L * i);
            var even = even(w);
            var odd = odd(w);
            int x = from + 4 * i;
            a = even.fma(Packed.load(packed, x), a);
            b = even.fma(Packed.load(packed, x + 2 * LANES), b);
            c = even.fma(Packed.load(packed, x + 4 * LANES), c);
            d = even.fma(Packed.load(packed, x + 6 * LANES), d);
            a = odd.fma(Packed.load(packed, x + LANES), a);
            b = odd.fma(Packed.load(packed, x + 3 * LANES), b);
            c = odd.fma(Packed.load(packed, x + 5 * LANES), c);
            d = odd.fma(Packed.load(packed, x + 7 * LANES), d);
            largest = largest.max(magnitudes(w));
        }
        sums[to] = Lanes.sum(a);
        sums[to + 1] = Lanes.sum(b);
        sums[to + 2] = Lanes.sum(c);
        sums[to + 3] = Lanes.sum(d);
        if (largest.reduceLanes(MAX) >= INFINITY) {
            Arrays.fill(sums, to, to + 4, 0);
            for (int j = 0; j < i; j++) {
                int x = from + 4 * (j - j % STEP) + Packed.place(j % STEP);
                addOne(one(memory, at + 2L * j), packed, x, STEP, sums, to);
            }
        }
        for (int j = i; j < n; j++) {
            addOne(one(memory, at + 2L * j), packed, from + 3 * i + j, n - i, sums, to);
        }
    }

    private static void addOne(float weight, MemorySegment packed, int x, int stride, float[] sums, int to) {
        for (int row = 0; row < 4; row++) {
            sums[to + row] += weight * Packed.get(packed, x + row * stride);
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
