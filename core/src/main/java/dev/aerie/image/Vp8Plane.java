package dev.aerie.image;

import java.util.Arrays;

/// One plane of a VP8 frame with the border that prediction sees: a row of 127 above, a column of 129 to the left, and
/// four columns to the right for the block that looks up and to the right.
final class Vp8Plane {

    private static final int RIGHT = 4;

    final byte[] data;
    final int stride;
    private final int width;

    /// Sides in pixels, whole macroblocks.
    Vp8Plane(int width, int height) {
        this.width = width;
        stride = 1 + width + RIGHT;
        data = new byte[stride * (height + 1)];
        Arrays.fill(data, 0, stride, (byte) 127);
        for (var y = 1; y <= height; y++) {
            data[y * stride] = (byte) 129;
        }
    }

    /// Index of a pixel; −1 is the border.
    int at(int x, int y) {
        return (y + 1) * stride + x + 1;
    }

    int get(int index) {
        return data[index] & 0xFF;
    }

    /// Repeats the last pixel of row `y` into the columns to the right of it.
    void extendRow(int y) {
        var end = at(width, y);
        Arrays.fill(data, end, end + RIGHT, data[end - 1]);
    }

    static byte clip(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }
}
