package dev.aerie.kernel;

import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// Rows of bfloat16, the upper half of a float32. An int lane holds two of them, the one of odd index above.
final class Bfloat16 implements Storage.Cached {

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
    public float dot(MemorySegment memory, long at, int n, MemorySegment packed, int from) {
        var a = FloatVector.zero(FLOATS);
        var b = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            var w = load(memory, at + 2L * i);
            a = even(w).fma(Packed.load(packed, from + i), a);
            b = odd(w).fma(Packed.load(packed, from + i + LANES), b);
        }
        float sum = Lanes.sum(a.add(b));
        for (; i < n; i++) {
            sum += one(memory, at + 2L * i) * Packed.get(packed, from + i);
        }
        return sum;
    }

    @Override
    public void four(MemorySegment memory, long rowBytes, int row, int step, int n, MemorySegment packed, float[] y) {
        long first = memory.address() + row * rowBytes;
        long second = first + step * rowBytes;
        long third = second + step * rowBytes;
        long fourth = third + step * rowBytes;
        long x = packed.address();
        var a = FloatVector.zero(FLOATS);
        var b = FloatVector.zero(FLOATS);
        var c = FloatVector.zero(FLOATS);
        var d = FloatVector.zero(FLOATS);
        var e = FloatVector.zero(FLOATS);
        var f = FloatVector.zero(FLOATS);
        var g = FloatVector.zero(FLOATS);
        var h = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            var evenX = Unchecked.floats(x + 4L * i);
            var oddX = Unchecked.floats(x + 4L * i + REGISTER_BYTES);
            var w = load(Unchecked.MEMORY, first + 2L * i);
            a = even(w).fma(evenX, a);
            b = odd(w).fma(oddX, b);
            w = load(Unchecked.MEMORY, second + 2L * i);
            c = even(w).fma(evenX, c);
            d = odd(w).fma(oddX, d);
            w = load(Unchecked.MEMORY, third + 2L * i);
            e = even(w).fma(evenX, e);
            f = odd(w).fma(oddX, f);
            w = load(Unchecked.MEMORY, fourth + 2L * i);
            g = even(w).fma(evenX, g);
            h = odd(w).fma(oddX, h);
        }
        y[row] = Lanes.sum(a.add(b));
        y[row + step] = Lanes.sum(c.add(d));
        y[row + 2 * step] = Lanes.sum(e.add(f));
        y[row + 3 * step] = Lanes.sum(g.add(h));
        for (; i < n; i++) {
            for (int o = row; o <= row + 3 * step; o += step) {
                y[o] += one(memory, o * rowBytes + 2L * i) * Packed.get(packed, i);
            }
        }
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
        }
        sums[0] = Lanes.sum(a0);
        sums[1] = Lanes.sum(a1);
        sums[2] = Lanes.sum(a2);
        sums[3] = Lanes.sum(a3);
        sums[4] = Lanes.sum(b0);
        sums[5] = Lanes.sum(b1);
        sums[6] = Lanes.sum(b2);
        sums[7] = Lanes.sum(b3);
        int rest = n - i;
        for (int j = 0; j < rest; j++) {
            float a = one(memory, at + 2L * (i + j));
            float b = one(memory, next + 2L * (i + j));
            for (int row = 0; row < 4; row++) {
                float x = Packed.get(packed, from + 4 * i + row * rest + j);
                sums[row] += a * x;
                sums[4 + row] += b * x;
            }
        }
    }

    @Override
    public void addScaled(MemorySegment memory, long at, int n, float factor, float[] packed) {
        var scale = FloatVector.broadcast(FLOATS, factor);
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            var w = load(memory, at + 2L * i);
            even(w).fma(scale, x(packed, i)).intoArray(packed, i);
            odd(w).fma(scale, x(packed, i + LANES)).intoArray(packed, i + LANES);
        }
        for (; i < n; i++) {
            packed[i] += one(memory, at + 2L * i) * factor;
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
