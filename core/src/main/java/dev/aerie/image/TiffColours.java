package dev.aerie.image;

import java.awt.image.Raster;

/// From the samples of a TIFF page to RGB, with Pillow's rules.
final class TiffColours {

    private static final int WHITE_IS_ZERO = 0;
    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int INDEXED = 3;
    private static final int CMYK = 5;
    private static final int YCC = 6;
    private static final int FLOAT = 3;

    /// The codec converts what was packed as JPEG, and only that.
    private static final int JPEG = 7;

    private final int photometric;
    private final int bits;
    private final int samples;
    private final boolean real;
    private final boolean premultiplied;
    private final boolean converted;
    private final long[] palette;

    TiffColours(Source source, TiffDirectory directory) {
        photometric = (int) directory.number(TiffDirectory.PHOTOMETRIC, WHITE_IS_ZERO);
        bits = (int) directory.number(TiffDirectory.BITS, 1);
        samples = (int) directory.number(TiffDirectory.SAMPLES, 1);
        real = directory.number(TiffDirectory.SAMPLE_FORMAT, 1) == FLOAT;
        premultiplied = directory.number(TiffDirectory.EXTRA_SAMPLES, 0) == 1;
        converted = directory.number(TiffDirectory.COMPRESSION, 1) == JPEG;
        palette = directory.numbers(TiffDirectory.PALETTE);
        for (var each : directory.numbers(TiffDirectory.BITS)) {
            if (each != bits) {
                throw source.unsupported("its TIFF samples have different numbers of bits");
            }
        }
        var colours = photometric == CMYK ? 4 : photometric == RGB || photometric == YCC ? 3 : 1;
        var grey = photometric == WHITE_IS_ZERO || photometric == BLACK_IS_ZERO;
        var known = switch (bits) {
            case 1, 2, 4 -> samples == 1 && (grey || photometric == INDEXED);
            case 8 -> colours > 1 || grey || photometric == INDEXED;
            case 16 -> grey || (colours > 1 && photometric != YCC);
            case 32 -> grey && samples == 1;
            default -> false;
        };
        if (!known || samples < colours || (real && bits != 32)) {
            throw source.unsupported("TIFF of photometric " + photometric + " with " + samples + " samples of " + bits
                    + " bits is not supported");
        }
        if (photometric == INDEXED && palette.length < 3 << bits) {
            throw source.damaged("its TIFF palette has " + palette.length + " numbers, expected " + (3 << bits));
        }
    }

    Picture picture(Raster raster) {
        var width = raster.getWidth();
        var height = raster.getHeight();
        var bands = raster.getNumBands();
        var rgb = Picture.allocate(width, height);
        var row = new double[width * bands];
        for (var y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (var x = 0; x < width; x++) {
                pixel(row, x * bands, bands, rgb, 3 * (y * width + x));
            }
        }
        return new Picture(width, height, rgb);
    }

    private void pixel(double[] row, int at, int bands, byte[] rgb, int target) {
        switch (photometric) {
            case INDEXED -> {
                var index = (int) row[at];
                for (var channel = 0; channel < 3; channel++) {
                    rgb[target + channel] = (byte) (palette[(channel << bits) + index] >> 8);
                }
            }
            case CMYK -> {
                var light = 255 - level(row[at + 3]);
                for (var channel = 0; channel < 3; channel++) {
                    rgb[target + channel] = JpegColours.inked(level(row[at + channel]), light);
                }
            }
            case YCC -> {
                if (converted) {
                    for (var channel = 0; channel < 3; channel++) {
                        rgb[target + channel] = (byte) row[at + channel];
                    }
                } else {
                    JpegColours.colour((byte) row[at], (byte) row[at + 1], (byte) row[at + 2], rgb, target);
                }
            }
            case RGB -> {
                for (var channel = 0; channel < 3; channel++) {
                    rgb[target + channel] = (byte) visible(level(row[at + channel]), row, at, bands);
                }
            }
            default -> {
                var level = visible(grey(row[at]), row, at, bands);
                rgb[target] = rgb[target + 1] = rgb[target + 2] = (byte) level;
            }
        }
    }

    /// Undoes a multiplication with alpha, which is the last band.
    private int visible(int level, double[] row, int at, int bands) {
        if (!premultiplied || (bands != 2 && bands != 4)) {
            return level;
        }
        var alpha = level(row[at + bands - 1]);
        return alpha == 0 ? 0 : Math.min(255, level * 255 / alpha);
    }

    private int level(double sample) {
        return bits == 16 ? (int) sample >> 8 : (int) sample;
    }

    /// Wide grey is cut off at 255, and only narrow grey heeds that 0 may mean white.
    private int grey(double sample) {
        if (bits >= 16 && samples == 1) {
            return (int) Math.clamp(sample, 0, 255);
        }
        var whole = (int) sample;
        var level = bits == 16 ? whole >> 8 : whole * 255 / ((1 << bits) - 1);
        return photometric == WHITE_IS_ZERO ? 255 - level : level;
    }
}
