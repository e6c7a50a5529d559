package dev.aerie.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/// Rows of float32.
final class Float32 implements Storage.Cached {

    static final Float32 ROWS = new Float32();

    private static final int REGISTER_BYTES = 4 * LANES;

    private Float32() {}

    @Override
    public boolean isPaired() {
        return false;
    }

    @Override
    public float dot(MemorySegment memory, long at, int n, MemorySegment packed, int from) {
        var a = FloatVector.zero(FLOATS);
        var b = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            a = load(memory, at + 4L * i).fma(Packed.load(packed, from + i), a);
            b = load(memory, at + 4L * i + REGISTER_BYTES).fma(Packed.load(packed, from + i + LANES), b);
        }
        float sum = Lanes.sum(a.add(b));
        for (; i < n; i++) {
            sum += memory.get(FLOAT, at + 4L * i) * Packed.get(packed, from + i);
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
            long one = 4L * i;
            long two = one + REGISTER_BYTES;
            var x1 = Unchecked.floats(x + one);
            var x2 = Unchecked.floats(x + two);
            a = load(Unchecked.MEMORY, first + one).fma(x1, a);
            b = load(Unchecked.MEMORY, first + two).fma(x2, b);
            c = load(Unchecked.MEMORY, second + one).fma(x1, c);
            d = load(Unchecked.MEMORY, second + two).fma(x2, d);
            e = load(Unchecked.MEMORY, third + one).fma(x1, e);
            f = load(Unchecked.MEMORY, third + two).fma(x2, f);
            g = load(Unchecked.MEMORY, fourth + one).fma(x1, g);
            h = load(Unchecked.MEMORY, fourth + two).fma(x2, h);
        }
        y[row] = Lanes.sum(a.add(b));
        y[row + step] = Lanes.sum(c.add(d));
        y[row + 2 * step] = Lanes.sum(e.add(f));
        y[row + 3 * step] = Lanes.sum(g.add(h));
        for (; i < n; i++) {
            for (int o = row; o <= row + 3 * step; o += step) {
                y[o] += memory.get(FLOAT, o * rowBytes + 4L * i) * Packed.get(packed, i);
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
            var firstW = load(memory, at + 4L * i);
            var firstV = load(memory, next + 4L * i);
            var x0 = Packed.load(packed, x);
            var x1 = Packed.load(packed, x + 2 * LANES);
            var x2 = Packed.load(packed, x + 4 * LANES);
            var x3 = Packed.load(packed, x + 6 * LANES);
            a0 = firstW.fma(x0, a0);
            a1 = firstW.fma(x1, a1);
            a2 = firstW.fma(x2, a2);
            a3 = firstW.fma(x3, a3);
            b0 = firstV.fma(x0, b0);
            b1 = firstV.fma(x1, b1);
            b2 = firstV.fma(x2, b2);
            b3 = firstV.fma(x3, b3);
            var secondW = load(memory, at + 4L * i + REGISTER_BYTES);
            var secondV = load(memory, next + 4L * i + REGISTER_BYTES);
            x0 = Packed.load(packed, x + LANES);
            x1 = Packed.load(packed, x + 3 * LANES);
            x2 = Packed.load(packed, x + 5 * LANES);
            x3 = Packed.load(packed, x + 7 * LANES);
            a0 = secondW.fma(x0, a0);
            a1 = secondW.fma(x1, a1);
            a2 = secondW.fma(x2, a2);
            a3 = secondW.fma(x3, a3);
            b0 = secondV.fma(x0, b0);
            b1 = secondV.fma(x1, b1);
            b2 = secondV.fma(x2, b2);
            b3 = secondV.fma(x3, b3);
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
            float a = memory.get(FLOAT, at + 4L * (i + j));
            float b = memory.get(FLOAT, next + 4L * (i + j));
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
        for (; i <= n - LANES; i += LANES) {
            load(memory, at + 4L * i).fma(scale, x(packed, i)).intoArray(packed, i);
        }
        for (; i < n; i++) {
            packed[i] += memory.get(FLOAT, at + 4L * i) * factor;
        }
    }

    private static FloatVector load(MemorySegment memory, long at) {
        return FloatVector.fromMemorySegment(FLOATS, memory, at, ByteOrder.LITTLE_ENDIAN);
    }

    private static FloatVector x(float[] packed, int at) {
        return FloatVector.fromArray(FLOATS, packed, at);
    }
}
