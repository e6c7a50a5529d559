package dev.aerie.image;

/// Smooths the edges of macroblocks and of the 4×4 blocks in them (RFC 6386 § 15).
final class Vp8LoopFilter {

    private final boolean simple;
    private final int sharpness;

    Vp8LoopFilter(boolean simple, int sharpness) {
        this.simple = simple;
        this.sharpness = sharpness;
    }

    /// Filters one macroblock. `inner`: also the edges inside it.
    void macroblock(Vp8Plane[] planes, int column, int row, int level, boolean inner) {
        if (level == 0) {
            return;
        }
        var flatness = level;
        if (sharpness > 0) {
            flatness = Math.min(flatness >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
        }
        flatness = Math.max(1, flatness);
        var limit = 2 * level + flatness;
        var variance = level >= 40 ? 2 : level >= 15 ? 1 : 0;
        for (var p = 0; p < (simple ? 1 : 3); p++) {
            var plane = planes[p];
            var size = p == 0 ? 16 : 8;
            var corner = plane.at(column * size, row * size);
            if (column > 0) {
                edge(plane, corner, 1, plane.stride, size, limit + 4, flatness, variance, true);
            }
            for (var i = 4; inner && i < size; i += 4) {
                edge(plane, corner + i, 1, plane.stride, size, limit, flatness, variance, false);
            }
            if (row > 0) {
                edge(plane, corner, plane.stride, 1, size, limit + 4, flatness, variance, true);
            }
            for (var i = 4; inner && i < size; i += 4) {
                edge(plane, corner + i * plane.stride, plane.stride, 1, size, limit, flatness, variance, false);
            }
        }
    }

    /// `across` steps over the edge, `along` steps along it.
    private void edge(
            Vp8Plane plane,
            int from,
            int across,
            int along,
            int size,
            int limit,
            int flatness,
            int variance,
            boolean outer) {
        var pixels = plane.data;
        for (var i = 0; i < size; i++) {
            var at = from + i * along;
            if (!sharp(pixels, at, across, limit)) {
                continue;
            }
            if (simple) {
                two(pixels, at, across);
            } else if (flat(pixels, at, across, flatness)) {
                if (distance(pixels, at - 2 * across, at - across) > variance
                        || distance(pixels, at + across, at) > variance) {
                    two(pixels, at, across);
                } else if (outer) {
                    six(pixels, at, across);
                } else {
                    four(pixels, at, across);
                }
            }
        }
    }

    private static boolean sharp(byte[] pixels, int at, int step, int limit) {
        return 4 * distance(pixels, at - step, at) + distance(pixels, at - 2 * step, at + step) <= 2 * limit + 1;
    }

    private static boolean flat(byte[] pixels, int at, int step, int flatness) {
        for (var i = 1; i <= 3; i++) {
            if (distance(pixels, at - (i + 1) * step, at - i * step) > flatness
                    || distance(pixels, at + i * step, at + (i - 1) * step) > flatness) {
                return false;
            }
        }
        return true;
    }

    private static void two(byte[] pixels, int at, int step) {
        var a = 3 * difference(pixels, at, at - step) + signed(difference(pixels, at - 2 * step, at + step));
        change(pixels, at, -small(a + 4));
        change(pixels, at - step, small(a + 3));
    }

    private static void four(byte[] pixels, int at, int step) {
        var a = 3 * difference(pixels, at, at - step);
        var down = small(a + 4);
        var further = (down + 1) >> 1;
        change(pixels, at - 2 * step, further);
        change(pixels, at - step, small(a + 3));
        change(pixels, at, -down);
        change(pixels, at + step, -further);
    }

    private static void six(byte[] pixels, int at, int step) {
        var a = signed(3 * difference(pixels, at, at - step) + signed(difference(pixels, at - 2 * step, at + step)));
        for (var i = 0; i < 3; i++) {
            var share = (9 * (3 - i) * a + 63) >> 7;
            change(pixels, at - (i + 1) * step, share);
            change(pixels, at + i * step, -share);
        }
    }

    private static int distance(byte[] pixels, int a, int b) {
        return Math.abs(difference(pixels, a, b));
    }

    private static int difference(byte[] pixels, int a, int b) {
        return (pixels[a] & 0xFF) - (pixels[b] & 0xFF);
    }

    private static void change(byte[] pixels, int at, int by) {
        pixels[at] = Vp8Plane.clip((pixels[at] & 0xFF) + by);
    }

    private static int signed(int value) {
        return Math.clamp(value, -128, 127);
    }

    private static int small(int value) {
        return Math.clamp(value >> 3, -16, 15);
    }
}
