package dev.aerie.train.data;

import dev.aerie.image.Size;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The size that a picture file claims in its header, at little cost: nothing is checked or decoded.
final class PictureHeader {

    private final byte[] file;
    private final ByteBuffer big;
    private final ByteBuffer little;

    private PictureHeader(byte[] file) {
        this.file = file;
        big = ByteBuffer.wrap(file);
        little = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The size of a PNG, JPEG, GIF, WebP, BMP, TIFF or PNM file; empty for others, and where it cannot
    /// be told.
    static Optional<Size> size(byte[] file) {
        try {
            return new PictureHeader(file).size().filter(size -> size.width() > 0 && size.height() > 0);
        } catch (IndexOutOfBoundsException e) { // the header is cut off
            return Optional.empty();
        }
    }

    private Optional<Size> size() {
        if (has(0, "\u0089PNG")) {
            return Optional.of(new Size(big.getInt(16), big.getInt(20)));
        } else if (has(0, "\u00ff\u00d8")) {
            return jpeg();
        } else if (has(0, "GIF8")) {
            return Optional.of(gif());
        } else if (has(0, "RIFF") && has(8, "WEBP")) {
            return webP();
        } else if (has(0, "BM")) {
            return Optional.of(
                    little.getInt(14) == 12 // the oldest kind
                            ? new Size(u16(18), u16(20))
                            : new Size(little.getInt(18), Math.abs(little.getInt(22))));
        }
        if (has(0, "II*\0")) {
            return tiff(little);
        } else if (has(0, "MM\0*")) {
            return tiff(big);
        }
        return file.length > 2 && file[0] == 'P' && file[1] >= '1' && file[1] <= '6'
                ? Optional.of(pnm())
                : Optional.empty();
    }

    /// The screen, or the first frame where that reaches beyond.
    private Size gif() {
        int colours = (u8(10) & 0x80) == 0 ? 0 : 3 << (u8(10) & 7) + 1;
        int at = 13 + colours;
        while (u8(at) == 0x21) { // an extension: blocks up to an empty one
            at += 2;
            while (u8(at) != 0) {
                at += 1 + u8(at);
            }
            at++;
        }
        return new Size(Math.max(u16(6), u16(at + 1) + u16(at + 5)), Math.max(u16(8), u16(at + 3) + u16(at + 7)));
    }

    /// Looks for width and height in the first directory.
    private static Optional<Size> tiff(ByteBuffer file) {
        int at = file.getInt(4) + 2;
        int entries = file.getShort(at - 2) & 0xFFFF;
        int width = 0;
        int height = 0;
        for (int i = 0; i < entries; i++, at += 12) {
            int tag = file.getShort(at) & 0xFFFF;
            int value = file.getShort(at + 2) == 3 ? file.getShort(at + 8) & 0xFFFF : file.getInt(at + 8);
            width = tag == 256 ? value : width;
            height = tag == 257 ? value : height;
        }
        return Optional.of(new Size(width, height));
    }

    /// Two numbers in text, with comments between.
    private Size pnm() {
        int[] sides = new int[2];
        int at = 2;
        for (int i = 0; i < 2; i++) {
            while (!Character.isDigit(u8(at))) {
                if (u8(at) == '#') {
                    while (u8(at) != '\n') {
                        at++;
                    }
                }
                at++;
            }
            for (; Character.isDigit(u8(at)) && sides[i] < 100_000_000; at++) {
                sides[i] = 10 * sides[i] + u8(at) - '0';
            }
        }
        return new Size(sides[0], sides[1]);
    }

    /// Looks for the frame among the segments, before the first scan.
    private Optional<Size> jpeg() {
        int at = 2;
        while (true) {
            while (u8(at) == 0xFF) {
                at++;
            }
            int marker = u8(at++);
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (frame) {
                int height = big.getShort(at + 3) & 0xFFFF;
                int width = big.getShort(at + 5) & 0xFFFF;
                return Optional.of(new Size(width, height));
            }
            if (marker == 0xD9 || marker == 0xDA) {
                return Optional.empty();
            }
            at += Math.max(2, big.getShort(at) & 0xFFFF);
        }
    }

    private Optional<Size> webP() {
        if (has(12, "VP8X")) {
            return Optional.of(new Size(1 + u24(24), 1 + u24(27)));
        } else if (has(12, "VP8 ")) {
            return Optional.of(new Size(u16(26) & 0x3FFF, u16(28) & 0x3FFF));
        } else if (has(12, "VP8L")) {
            int sides = little.getInt(21);
            return Optional.of(new Size((sides & 0x3FFF) + 1, (sides >> 14 & 0x3FFF) + 1));
        }
        return Optional.empty();
    }

    private boolean has(int at, String text) {
        var expected = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < expected.length; i++) {
            if (big.get(at + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private int u8(int at) {
        return big.get(at) & 0xFF;
    }

    private int u16(int at) {
        return little.getShort(at) & 0xFFFF;
    }

    private int u24(int at) {
        return u16(at) | u8(at + 2) << 16;
    }
}
