package dev.aerie.image;

import java.util.stream.IntStream;

/// From VP8's planes to RGB, as libwebp does it by default: chroma is interpolated with the weights 9, 3, 3, 1, and
/// BT.601 studio range is converted in 14-bit fixed point.
final class Vp8Colours {

    private final Vp8Plane luma;
    private final Vp8Plane blue;
    private final Vp8Plane red;
    private final int width;
    private final int height;

    Vp8Colours(Vp8Plane[] planes, int width, int height) {
        luma = planes[0];
        blue = planes[1];
        red = planes[2];
        this.width = width;
        this.height = height;
    }

    Picture picture() {
        var rgb = Picture.allocate(width, height);
        IntStream.range(0, height).parallel().forEach(y -> row(y, rgb));
        return new Picture(width, height, rgb);
    }

    private void row(int y, byte[] rgb) {
        var near = y / 2;
        var far = Math.clamp(y % 2 == 0 ? near - 1 : near + 1, 0, (height - 1) / 2);
        for (var x = 0; x < width; x++) {
            var u = chroma(blue, x, near, far);
            var v = chroma(red, x, near, far);
            var l = high(luma.get(luma.at(x, y)), 19077);
            var at = 3 * (y * width + x);
            rgb[at] = clip(l + high(v, 26149) - 14234);
            rgb[at + 1] = clip(l - high(u, 6419) - high(v, 13320) + 8708);
            rgb[at + 2] = clip(l + high(u, 33050) - 17685);
        }
    }

    /// Chroma at a luma pixel: of the four samples around it, the nearest counts most. The two halvings round as
    /// libwebp's, which is not the same as dividing by 16 once. At the left and right end only rows are mixed.
    private int chroma(Vp8Plane plane, int x, int near, int far) {
        var column = x / 2;
        var a = plane.get(plane.at(column, near));
        var c = plane.get(plane.at(column, far));
        if (x == 0 || (x == width - 1 && width % 2 == 0)) {
            return (3 * a + c + 2) >> 2;
        }
        var other = x % 2 == 0 ? column - 1 : column + 1;
        var b = plane.get(plane.at(other, near));
        var d = plane.get(plane.at(other, far));
        var diagonal = (a + b + c + d + 8 + 2 * (b + c)) >> 3;
        return (diagonal + a) >> 1;
    }

    private static int high(int value, int factor) {
        return (value * factor) >> 8;
    }

    private static byte clip(int value) {
        return (byte) Math.clamp(value >> 6, 0, 255);
    }
}
