package dev.aerie.kernel;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// Rows of bfloat16, the upper half of a float32. An int lane holds two of them, the one of odd index above.
final class Bfloat16 implements Storage {

    static final Bfloat16 ROWS = new Bfloat16();

    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int REGISTER_BYTES = 4 * LANES;
    private static final int UPPER = 0xFFFF0000;

    private Bfloat16() {}

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
        return pairs.lanewise(LSHL, 16).reinterpretAsFloats();
    }

    private static FloatVector odd(IntVector pairs) {
        return pairs.and(UPPER).reinterpretAsFloats();
    }

    private static float one(MemorySegment memory, long at) {
        return Float.intBitsToFloat(memory.get(SHORT, at) << 16);
    }

    private static FloatVector x(float[] packed, int at) {
        return FloatVector.fromArray(FLOATS, packed, at);
    }
}
