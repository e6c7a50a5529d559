package dev.aerie.kernel;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.OR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// Rows of IEEE half precision. An int lane holds two of them, the one of odd index above.
///
/// With its exponent and fraction moved to the place that they have in a float32, a half is 2¹¹² times too
/// small, for the biases of the exponents are 15 and 127; a product puts that right, subnormal halves included.
/// The largest exponent means infinity or NaN and is therefore set to the largest of a float32 first.
final class Float16 implements Storage {

    static final Float16 ROWS = new Float16();

    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int REGISTER_BYTES = 4 * LANES;

    private static final int SIGN = 0x8000_0000;
    private static final int HALF_EXPONENT = 0x0F80_0000;
    private static final int HALF_FRACTION = 0x007F_E000;
    private static final int FLOAT_EXPONENT = 0x7F80_0000;
    private static final float BIAS = 0x1p112f;

    private Float16() {}

    @Override
    public boolean isPaired() {
        return true;
    }

    @Override
    public float dot(MemorySegment memory, long at, int n, float[] packed, int from) {
        var a = FloatVector.zero(FLOATS);
        var b = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            var w = load(memory, at + 2L * i);
            a = even(w).fma(x(packed, from + i), a);
            b = odd(w).fma(x(packed, from + i + LANES), b);
        }
        float sum = a.add(b).reduceLanes(ADD);
        for (; i < n; i++) {
            sum += one(memory, at + 2L * i) * packed[from + i];
        }
        return sum;
    }

    @Override
    public void dot4(MemorySegment memory, long at, int n, float[] packed, int from, float[] sums) {
        var a = FloatVector.zero(FLOATS);
        var b = FloatVector.zero(FLOATS);
        var c = FloatVector.zero(FLOATS);
        var d = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            var w = load(memory, at + 2L * i);
            var even = even(w);
            var odd = odd(w);
            int x = from + 4 * i;
            a = odd.fma(x(packed, x + LANES), even.fma(x(packed, x), a));
            b = odd.fma(x(packed, x + 3 * LANES), even.fma(x(packed, x + 2 * LANES), b));
            c = odd.fma(x(packed, x + 5 * LANES), even.fma(x(packed, x + 4 * LANES), c));
            d = odd.fma(x(packed, x + 7 * LANES), even.fma(x(packed, x + 6 * LANES), d));
        }
        sums[0] = a.reduceLanes(ADD);
        sums[1] = b.reduceLanes(ADD);
        sums[2] = c.reduceLanes(ADD);
        sums[3] = d.reduceLanes(ADD);
        int rest = n - i;
        for (int j = 0; j < rest; j++) {
            float weight = one(memory, at + 2L * (i + j));
            for (int row = 0; row < 4; row++) {
                sums[row] += weight * packed[from + 4 * i + row * rest + j];
            }
        }
    }

    @Override
    public void addScaled(MemorySegment memory, long at, int n, float factor, float[] packed, int from) {
        var scale = FloatVector.broadcast(FLOATS, factor);
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            var w = load(memory, at + 2L * i);
            int to = from + i;
            even(w).fma(scale, x(packed, to)).intoArray(packed, to);
            odd(w).fma(scale, x(packed, to + LANES)).intoArray(packed, to + LANES);
        }
        for (; i < n; i++) {
            packed[from + i] += one(memory, at + 2L * i) * factor;
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
        var moved = pairs.lanewise(ASHR, 3).and(SIGN | HALF_EXPONENT | HALF_FRACTION);
        var special = moved.and(HALF_EXPONENT).eq(HALF_EXPONENT);
        return moved.lanewise(OR, FLOAT_EXPONENT, special).reinterpretAsFloats().mul(BIAS);
    }

    private static float one(MemorySegment memory, long at) {
        return Float.float16ToFloat(memory.get(SHORT, at));
    }

    private static FloatVector x(float[] packed, int at) {
        return FloatVector.fromArray(FLOATS, packed, at);
    }
}
