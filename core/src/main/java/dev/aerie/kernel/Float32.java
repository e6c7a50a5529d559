package dev.aerie.kernel;

import static jdk.incubator.vector.VectorOperators.ADD;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/// Rows of float32.
final class Float32 implements Storage {

    static final Float32 ROWS = new Float32();

    private static final int REGISTER_BYTES = 4 * LANES;

    private Float32() {}

    @Override
    public boolean isPaired() {
        return false;
    }

    @Override
    public float dot(MemorySegment memory, long at, int n, float[] packed, int from) {
        var a = FloatVector.zero(FLOATS);
        var b = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            a = load(memory, at + 4L * i).fma(x(packed, from + i), a);
            b = load(memory, at + 4L * i + REGISTER_BYTES).fma(x(packed, from + i + LANES), b);
        }
        float sum = a.add(b).reduceLanes(ADD);
        for (; i < n; i++) {
            sum += memory.get(FLOAT, at + 4L * i) * packed[from + i];
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
            var first = load(memory, at + 4L * i);
            var second = load(memory, at + 4L * i + REGISTER_BYTES);
            int x = from + 4 * i;
            a = second.fma(x(packed, x + LANES), first.fma(x(packed, x), a));
            b = second.fma(x(packed, x + 3 * LANES), first.fma(x(packed, x + 2 * LANES), b));
            c = second.fma(x(packed, x + 5 * LANES), first.fma(x(packed, x + 4 * LANES), c));
            d = second.fma(x(packed, x + 7 * LANES), first.fma(x(packed, x + 6 * LANES), d));
        }
        sums[0] = a.reduceLanes(ADD);
        sums[1] = b.reduceLanes(ADD);
        sums[2] = c.reduceLanes(ADD);
        sums[3] = d.reduceLanes(ADD);
        int rest = n - i;
        for (int j = 0; j < rest; j++) {
            float weight = memory.get(FLOAT, at + 4L * (i + j));
            for (int row = 0; row < 4; row++) {
                sums[row] += weight * packed[from + 4 * i + row * rest + j];
            }
        }
    }

    @Override
    public void addScaled(MemorySegment memory, long at, int n, float factor, float[] packed, int from) {
        var scale = FloatVector.broadcast(FLOATS, factor);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            load(memory, at + 4L * i).fma(scale, x(packed, from + i)).intoArray(packed, from + i);
        }
        for (; i < n; i++) {
            packed[from + i] += memory.get(FLOAT, at + 4L * i) * factor;
        }
    }

    private static FloatVector load(MemorySegment memory, long at) {
        return FloatVector.fromMemorySegment(FLOATS, memory, at, ByteOrder.LITTLE_ENDIAN);
    }

    private static FloatVector x(float[] packed, int at) {
        return FloatVector.fromArray(FLOATS, packed, at);
    }
}
