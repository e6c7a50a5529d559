package dev.aerie.image;

/// The first frame of a GIF (89a). Where the frame does not cover the screen, the transparent colour shows, or colour
/// 0.
final class Gif {

    private final Source source;
    private long at = 13;
    private int transparent;

    private Gif(Source source) {
        this.source = source;
    }

    static Decoded read(Source source) {
        return new Decoded(new Gif(source).read());
    }

    private Picture read() {
        var flags = source.u8(10);
        var palette = palette(flags);
        while (true) {
            var kind = source.u8(at++);
            switch (kind) {
                case 0 -> {} // some writers end a block twice
                case '!' -> extension();
                case ',' -> {
                    return frame(palette);
                }
                default -> throw source.damaged("its GIF block at byte " + (at - 1) + " is of no known kind");
            }
        }
    }

    private void extension() {
        if (source.u8(at) == 0xF9 && source.u8(at + 1) >= 4 && (source.u8(at + 2) & 1) == 1) {
            transparent = source.u8(at + 5);
        }
        at++;
        skipBlocks();
    }

    /// Goes behind a chain of blocks, which an empty one ends.
    private void skipBlocks() {
        for (var length = source.u8(at); length > 0; length = source.u8(at)) {
            at += 1L + length;
        }
        at++;
    }

    /// The palette that the flags announce, at the current place; a ramp of greys where there is none.
    private byte[] palette(int flags) {
        var palette = new byte[3 * 256];
        if ((flags & 0x80) == 0) {
            for (var i = 0; i < palette.length; i++) {
                palette[i] = (byte) (i / 3);
            }
            return palette;
        }
        var length = 3 * (2 << (flags & 7));
        source.require(at, length);
        System.arraycopy(source.bytes(), (int) at, palette, 0, length);
        at += length;
        return palette;
    }

    private Picture frame(byte[] screenPalette) {
        var left = source.u16le(at);
        var top = source.u16le(at + 2);
        var columns = source.u16le(at + 4);
        var rows = source.u16le(at + 6);
        var flags = source.u8(at + 8);
        at += 9;
        var palette = (flags & 0x80) == 0 ? screenPalette : palette(flags);
        var width = Math.max(source.u16le(6), left + columns);
        var height = Math.max(source.u16le(8), top + rows);
        source.checkSize(width, height);
        source.checkSize(columns, rows);
        var indices = new GifData(source, at).indices(columns * rows);
        var filler = 3 * transparent;
        var base = Picture.filled(
                width, height, palette[filler] & 0xFF, palette[filler + 1] & 0xFF, palette[filler + 2] & 0xFF);
        var order = rowOrder(rows, (flags & 0x40) != 0);
        for (var row = 0; row < rows; row++) {
            var target = 3 * ((top + order[row]) * width + left);
            for (var i = row * columns; i < (row + 1) * columns; i++) {
                System.arraycopy(palette, 3 * (indices[i] & 0xFF), base.rgb(), target, 3);
                target += 3;
            }
        }
        return base;
    }

    /// Where each stored row belongs: an interlaced frame stores every eighth row, then those between, and so on.
    private static int[] rowOrder(int rows, boolean interlaced) {
        var order = new int[rows];
        var next = 0;
        for (var pass : interlaced ? new int[][] {{0, 8}, {4, 8}, {2, 4}, {1, 2}} : new int[][] {{0, 1}}) {
            for (var y = pass[0]; y < rows; y += pass[1]) {
                order[next++] = y;
            }
        }
        return order;
    }
}
