package dev.aerie.image;

import java.util.Set;

/// Windows and OS/2 bitmaps of 1, 4, 8, 16, 24 or 32 bits, plain, run-length coded or with the bit masks in use.
final class Bmp {

    private static final int RAW = 0;
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int MASKS = 3;

    private static final Set<Integer> DEPTHS = Set.of(1, 4, 8, 16, 24, 32);
    private static final Set<Long> HEADERS = Set.of(12L, 40L, 52L, 56L, 64L, 108L, 124L);

    private final Source source;
    private final long header;
    private final int width;
    private final int height;
    private final boolean topDown;
    private final int bits;
    private final int compression;
    private final long pixels;
    private final byte[] palette;

    private Bmp(Source source) {
        this.source = source;
        header = source.u32le(14);
        if (!HEADERS.contains(header)) {
            throw source.unsupported("its BMP header of " + header + " bytes is of no known kind");
        }
        var old = header == 12;
        var signedHeight = old ? source.u16le(20) : (int) source.u32le(22);
        var claimedWidth = old ? source.u16le(18) : source.u32le(18);
        topDown = signedHeight < 0;
        source.checkSize(claimedWidth, Math.abs((long) signedHeight));
        width = (int) claimedWidth;
        height = Math.abs(signedHeight);
        bits = source.u16le(old ? 24 : 28);
        compression = old ? RAW : (int) source.u32le(30);
        var colours = old || source.u32le(46) == 0 ? 1L << Math.min(bits, 8) : source.u32le(46);
        palette = bits <= 8 ? palette(colours, old ? 3 : 4) : new byte[0];
        var offset = source.u32le(10);
        // Some writers forget the palette in the offset.
        pixels = bits <= 8 && offset == 14 + header ? offset + colours * (old ? 3 : 4) : offset;
    }

    static Decoded read(Source source) {
        return new Decoded(new Bmp(source).read());
    }

    /// `[256, 3]`, red first; colours that the file does not give are black.
    private byte[] palette(long colours, int step) {
        if (colours > 256) {
            throw source.damaged("its BMP palette has " + colours + " colours");
        }
        var palette = new byte[3 * 256];
        source.require(14 + header, colours * step);
        for (var i = 0; i < colours; i++) {
            for (var channel = 0; channel < 3; channel++) {
                palette[3 * i + channel] = (byte) source.u8(14 + header + (long) i * step + 2 - channel);
            }
        }
        return palette;
    }

    private Picture read() {
        if ((compression == RLE8 && bits == 8) || (compression == RLE4 && bits == 4)) {
            return runs();
        }
        var packed = compression == RAW || (compression == MASKS && bits >= 16);
        if (!packed || !DEPTHS.contains(bits)) {
            throw source.unsupported("BMP compression " + compression + " with " + bits + " bits is not supported");
        }
        var rowBytes = ((long) width * bits + 31) / 32 * 4;
        source.require(pixels, rowBytes * (height - 1) + ((long) width * bits + 7) / 8);
        var masks = bits >= 16 ? new BmpMasks(source, bits, compression == MASKS) : BmpMasks.NONE;
        var rgb = Picture.allocate(width, height);
        for (var y = 0; y < height; y++) {
            var from = (int) (pixels + rowBytes * (topDown ? y : height - 1 - y));
            for (var x = 0; x < width; x++) {
                var target = 3 * (y * width + x);
                if (bits <= 8) {
                    var bit = x * bits;
                    var index = (source.bytes()[from + bit / 8] & 0xFF) >> (8 - bits - bit % 8) & ((1 << bits) - 1);
                    System.arraycopy(palette, 3 * index, rgb, target, 3);
                } else {
                    masks.put(source.bytes(), from + x * bits / 8, rgb, target);
                }
            }
        }
        return new Picture(width, height, rgb);
    }

    private Picture runs() {
        var indices = new BmpRuns(source, pixels, width, height, bits == 4).indices();
        var rgb = Picture.allocate(width, height);
        for (var y = 0; y < height; y++) {
            var row = topDown ? y : height - 1 - y;
            for (var x = 0; x < width; x++) {
                System.arraycopy(palette, 3 * (indices[row * width + x] & 0xFF), rgb, 3 * (y * width + x), 3);
            }
        }
        return new Picture(width, height, rgb);
    }
}
