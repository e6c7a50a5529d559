package dev.aerie.image;

import java.util.ArrayList;
import java.util.List;

/// How the samples of a PNG lie in its rows: the header, the seven passes of an interlaced file, filters and samples.
record PngLayout(int width, int height, int depth, int colour, boolean interlaced) {

    private static final int GREY = 0;
    private static final int TRUECOLOUR = 2;
    private static final int INDEXED = 3;
    private static final int GREY_ALPHA = 4;
    private static final int TRUECOLOUR_ALPHA = 6;

    /// First column and row and steps between columns and rows of each Adam7 pass.
    private static final int[][] ADAM7 = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    /// Reads the header chunk whose 13 bytes begin at `at`.
    static PngLayout read(Source source, long at) {
        source.checkSize(source.u32be(at), source.u32be(at + 4));
        var layout = new PngLayout(
                (int) source.u32be(at),
                (int) source.u32be(at + 4),
                source.u8(at + 8),
                source.u8(at + 9),
                source.u8(at + 12) == 1);
        if (!layout.exists() || source.u8(at + 10) != 0 || source.u8(at + 11) != 0 || source.u8(at + 12) > 1) {
            throw source.damaged("its PNG header names a kind of picture that does not exist");
        }
        return layout;
    }

    private boolean exists() {
        return switch (colour) {
            case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
            case INDEXED -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
            case TRUECOLOUR, GREY_ALPHA, TRUECOLOUR_ALPHA -> depth == 8 || depth == 16;
            default -> false;
        };
    }

    boolean indexed() {
        return colour == INDEXED;
    }

    private int samples() {
        return switch (colour) {
            case TRUECOLOUR -> 3;
            case GREY_ALPHA -> 2;
            case TRUECOLOUR_ALPHA -> 4;
            default -> 1;
        };
    }

    /// Distance between a byte and the one it is compared with to the left.
    int pixelBytes() {
        return Math.max(1, samples() * depth / 8);
    }

    /// Length of the unpacked data, filter bytes included.
    long rawBytes() {
        return passes().stream()
                .mapToLong(pass -> (1L + pass.rowBytes()) * pass.rows())
                .sum();
    }

    /// The passes that have pixels.
    List<Pass> passes() {
        var passes = new ArrayList<Pass>();
        for (var p : interlaced ? ADAM7 : new int[][] {{0, 0, 1, 1}}) {
            var columns = (width - p[0] + p[2] - 1) / p[2];
            var rows = (height - p[1] + p[3] - 1) / p[3];
            if (columns > 0 && rows > 0) {
                passes.add(new Pass(p[0], p[1], p[2], p[3], columns, rows));
            }
        }
        return passes;
    }

    /// One pass over the picture.
    final class Pass {

        private final int left;
        private final int top;
        private final int stepX;
        private final int stepY;
        private final int columns;
        private final int rows;

        private Pass(int left, int top, int stepX, int stepY, int columns, int rows) {
            this.left = left;
            this.top = top;
            this.stepX = stepX;
            this.stepY = stepY;
            this.columns = columns;
            this.rows = rows;
        }

        int rows() {
            return rows;
        }

        int rowBytes() {
            return (int) (((long) columns * samples() * depth + 7) / 8);
        }

        /// Puts row `y` of the pass into the picture. Colours beyond the palette are black.
        void place(byte[] row, int y, byte[] rgb, byte[] palette) {
            var coloured = colour == TRUECOLOUR || colour == TRUECOLOUR_ALPHA;
            var target = 3 * ((top + y * stepY) * width + left);
            for (var x = 0; x < columns; x++) {
                if (colour == INDEXED) {
                    var entry = 3 * sample(row, x);
                    if (entry + 3 <= palette.length) {
                        System.arraycopy(palette, entry, rgb, target, 3);
                    }
                } else {
                    var at = x * samples();
                    for (var channel = 0; channel < 3; channel++) {
                        rgb[target + channel] = level(row, coloured ? at + channel : at);
                    }
                }
                target += 3 * stepX;
            }
        }
    }

    private int sample(byte[] row, int index) {
        return switch (depth) {
            case 8 -> row[index] & 0xFF;
            case 16 -> ((row[2 * index] & 0xFF) << 8) | (row[2 * index + 1] & 0xFF);
            default -> {
                var bit = index * depth;
                yield (row[bit / 8] & 0xFF) >> (8 - depth - bit % 8) & ((1 << depth) - 1);
            }
        };
    }

    private byte level(byte[] row, int index) {
        var sample = sample(row, index);
        return (byte)
                switch (depth) {
                    case 8 -> sample;
                    case 16 -> colour == GREY ? Math.min(sample, 255) : sample >> 8;
                    default -> sample * 255 / ((1 << depth) - 1);
                };
    }

    /// Undoes the filter of a row in place (§ 9); false where there is no such filter.
    static boolean unfilter(int filter, byte[] row, byte[] above, int step) {
        switch (filter) {
            case 0 -> {}
            case 1 -> {
                for (var i = step; i < row.length; i++) {
                    row[i] += row[i - step];
                }
            }
            case 2 -> {
                for (var i = 0; i < row.length; i++) {
                    row[i] += above[i];
                }
            }
            case 3 -> {
                for (var i = 0; i < row.length; i++) {
                    var left = i < step ? 0 : row[i - step] & 0xFF;
                    row[i] += (byte) ((left + (above[i] & 0xFF)) / 2);
                }
            }
            case 4 -> {
                for (var i = 0; i < row.length; i++) {
                    var left = i < step ? 0 : row[i - step] & 0xFF;
                    var corner = i < step ? 0 : above[i - step] & 0xFF;
                    row[i] += (byte) paeth(left, above[i] & 0xFF, corner);
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static int paeth(int left, int above, int corner) {
        var toLeft = Math.abs(above - corner);
        var toAbove = Math.abs(left - corner);
        var toCorner = Math.abs(left + above - 2 * corner);
        if (toLeft <= toAbove && toLeft <= toCorner) {
            return left;
        }
        return toAbove <= toCorner ? above : corner;
    }
}
