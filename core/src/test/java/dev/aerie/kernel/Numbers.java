package dev.aerie.kernel;

import dev.aerie.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/// Stored numbers, read and written from their definitions.
final class Numbers {

    private Numbers() {}

    static float[] gaussians(int n, Random random) {
        var values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /// `n` normally distributed numbers in memory that lives as long as the segment.
    static MemorySegment stored(DType dtype, int n, Random random) {
        var memory = Arena.ofAuto().allocate((long) n * dtype.bytes(), 64);
        for (int i = 0; i < n; i++) {
            set(dtype, memory, i, (float) random.nextGaussian());
        }
        return memory;
    }

    static void set(DType dtype, MemorySegment memory, long i, float value) {
        switch (dtype) {
            case F32 -> memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, value);
            case F16 -> memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, Float.floatToFloat16(value));
            default ->
                memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, (short) (Float.floatToIntBits(value) >>> 16));
        }
    }

    static double value(DType dtype, MemorySegment memory, long i) {
        return switch (dtype) {
            case F32 -> memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i);
            case F16 -> half(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i) & 0xFFFF);
            default -> Float.intBitsToFloat(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i) << 16);
        };
    }

    /// IEEE 754 binary16.
    private static double half(int bits) {
        double sign = bits < 0x8000 ? 1 : -1;
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        if (exponent == 31) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return sign * (exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * Math.scalb(1.0, exponent - 25));
    }
}
