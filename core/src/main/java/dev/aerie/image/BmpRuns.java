package dev.aerie.image;

/// The run-length codes of a BMP of 8 or 4 bits.
final class BmpRuns {

    private static final int LARGEST_RUN = 255;

    private final Source source;
    private final int width;
    private final boolean nibbles;
    private final byte[] indices;
    private long at;
    private int filled;

    BmpRuns(Source source, long start, int width, int height, boolean nibbles) {
        this.source = source;
        this.width = width;
        this.nibbles = nibbles;
        at = start;
        // A jump of four bytes passes up to 255 rows.
        source.checkPromise((long) width * height, source.length(), 64L * (LARGEST_RUN + width));
        indices = new byte[width * height];
    }

    /// The palette indices, in the order of the file: the first row stored comes first.
    byte[] indices() {
        var x = 0;
        while (filled < indices.length) {
            var count = source.u8(at);
            var value = source.u8(at + 1);
            at += 2;
            if (count > 0) {
                var run = Math.max(0, Math.min(count, width - x));
                for (var i = 0; i < run; i++) {
                    put(nibbles ? i % 2 == 0 ? value >> 4 : value & 15 : value);
                }
                x += run;
            } else if (value == 0) {
                filled = Math.min(indices.length, (filled + width - 1) / width * width);
                x = 0;
            } else if (value == 1) {
                throw source.damaged("its BMP runs end at pixel " + filled + " of " + indices.length);
            } else if (value == 2) {
                filled = (int) Math.min(indices.length, filled + source.u8(at) + (long) source.u8(at + 1) * width);
                x = filled % width;
                at += 2;
            } else {
                literal(value);
                x += value;
            }
        }
        return indices;
    }

    private void literal(int count) {
        for (var i = 0; i < count; i++) {
            var value = source.u8(at + (nibbles ? i / 2 : i));
            put(nibbles ? i % 2 == 0 ? value >> 4 : value & 15 : value);
        }
        at += nibbles ? (count + 1) / 2 : count;
        at += at % 2;
    }

    private void put(int index) {
        if (filled < indices.length) {
            indices[filled++] = (byte) index;
        }
    }
}
