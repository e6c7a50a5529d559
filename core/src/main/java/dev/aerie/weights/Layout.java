package dev.aerie.weights;

import java.util.Arrays;
import java.util.stream.Collectors;

/// Arithmetic of shapes and strides. What does not fit a `long` is an [ArithmeticException].
final class Layout {

    /// The most dimensions a tensor can have, here as in PyTorch.
    static final int MAX_RANK = 64;

    private Layout() {}

    static long elements(long[] shape) {
        var elements = 1L;
        for (var size : shape) {
            elements = Math.multiplyExact(elements, size);
        }
        return elements;
    }

    /// Whether no size is negative and the bytes of all elements can be counted.
    static boolean isPossible(long[] shape, int bytes) {
        try {
            Math.multiplyExact(elements(shape), (long) bytes);
            return Arrays.stream(shape).allMatch(size -> size >= 0);
        } catch (ArithmeticException e) {
            return false;
        }
    }

    /// The strides of row-major order; sizes of 0 count as 1, as in PyTorch.
    static long[] contiguous(long[] shape) {
        var strides = new long[shape.length];
        var step = 1L;
        for (var i = shape.length - 1; i >= 0; i--) {
            strides[i] = step;
            step = Math.multiplyExact(step, Math.max(1, shape[i]));
        }
        return strides;
    }

    /// Elements from the first to the last one reached, both included.
    static long reach(long[] shape, long[] strides) {
        var last = 0L;
        for (var i = 0; i < shape.length; i++) {
            if (shape[i] == 0) {
                return 0;
            }
            last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, strides[i]));
        }
        return Math.addExact(last, 1);
    }

    static boolean isContiguous(long[] shape, long[] strides) {
        if (Arrays.stream(shape).anyMatch(size -> size == 0)) {
            return true;
        }
        var step = 1L;
        for (var i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1 && strides[i] != step) {
                return false;
            }
            step *= shape[i];
        }
        return true;
    }

    static String text(long[] shape) {
        return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
