package dev.aerie.image;

import java.awt.image.Raster;

/// From the components of a JPEG to RGB, with libjpeg's rules for what the components mean, its fixed-point
/// conversion from YCbCr and Pillow's conversion from inverted CMYK.
final class JpegColours {

    /// In place of the transform of an Adobe marker where there is none.
    static final int NO_ADOBE = -1;

    private static final int HALF = 1 << 15;

    private enum Space {
        GREY,
        RGB,
        YCC,
        CMYK,
        YCCK
    }

    private final Space space;
    private final boolean tallChroma;

    private JpegColours(Space space, boolean tallChroma) {
        this.space = space;
        this.tallChroma = tallChroma;
    }

    /// Of the frame whose header begins, with the precision, at byte `frame`.
    static JpegColours of(Source source, long frame, boolean jfif, int adobe) {
        var components = source.u8(frame + 5);
        return switch (components) {
            case 1 -> new JpegColours(Space.GREY, false);
            case 3 -> {
                var plain = !jfif && (adobe == 0 || (adobe == NO_ADOBE && named(source, frame + 6, "RGB")));
                yield new JpegColours(plain ? Space.RGB : Space.YCC, hasTallChroma(source, frame + 6));
            }
            case 4 -> new JpegColours(adobe == NO_ADOBE || adobe == 0 ? Space.CMYK : Space.YCCK, false);
            default -> throw source.unsupported("it is a JPEG with " + components + " components");
        };
    }

    private static boolean named(Source source, long at, String names) {
        for (var i = 0; i < names.length(); i++) {
            if (source.u8(at + 3L * i) != names.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Whether chroma is halved from top to bottom only (4:4:0).
    private static boolean hasTallChroma(Source source, long at) {
        return source.u8(at + 1) == 0x12 && source.u8(at + 4) == 0x11 && source.u8(at + 7) == 0x11;
    }

    Picture picture(Raster raster) {
        var width = raster.getWidth();
        var height = raster.getHeight();
        var rgb = Picture.allocate(width, height);
        var bands = raster.getNumBands();
        var row = new byte[width * bands];
        var other = new byte[width * bands];
        var interpolates = tallChroma && repeatsRows(raster);
        for (var y = 0; y < height; y++) {
            raster.getDataElements(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            if (interpolates) {
                var neighbour = y % 2 == 0 ? y - 1 : Math.min(y + 1, height - 1);
                raster.getDataElements(raster.getMinX(), raster.getMinY() + Math.max(0, neighbour), width, 1, other);
                interpolate(row, other, y % 2);
            }
            for (var x = 0; x < width; x++) {
                pixel(row, bands * x, rgb, 3 * (y * width + x));
            }
        }
        return new Picture(width, height, rgb);
    }

    /// Whether rows 2n and 2n + 1 have the same chroma everywhere: the libjpeg inside the JDK repeats the rows of 4:4:0
    /// chroma; the libjpeg-turbo of the system, which some builds of the JDK use, has interpolated them already.
    private static boolean repeatsRows(Raster raster) {
        var row = new byte[3 * raster.getWidth()];
        var next = row.clone();
        for (var y = 0; y + 1 < raster.getHeight(); y += 2) {
            raster.getDataElements(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            raster.getDataElements(raster.getMinX(), raster.getMinY() + y + 1, raster.getWidth(), 1, next);
            for (var i = 0; i < row.length; i += 3) {
                if (row[i + 1] != next[i + 1] || row[i + 2] != next[i + 2]) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Mixes each row of chroma with a quarter of its other neighbour, as libjpeg-turbo does.
    private static void interpolate(byte[] row, byte[] neighbour, int rounding) {
        for (var i = 0; i < row.length; i += 3) {
            for (var channel = i + 1; channel <= i + 2; channel++) {
                row[channel] = (byte) ((3 * (row[channel] & 0xFF) + (neighbour[channel] & 0xFF) + 1 + rounding) >> 2);
            }
        }
    }

    private void pixel(byte[] row, int at, byte[] rgb, int target) {
        switch (space) {
            case GREY -> rgb[target] = rgb[target + 1] = rgb[target + 2] = row[at];
            case RGB -> System.arraycopy(row, at, rgb, target, 3);
            case YCC -> colour(row[at], row[at + 1], row[at + 2], rgb, target);
            case CMYK -> {
                for (var i = 0; i < 3; i++) {
                    rgb[target + i] = inked(255 - (row[at + i] & 0xFF), row[at + 3] & 0xFF);
                }
            }
            case YCCK -> {
                colour(row[at], row[at + 1], row[at + 2], rgb, target);
                for (var i = 0; i < 3; i++) {
                    rgb[target + i] = inked(rgb[target + i] & 0xFF, row[at + 3] & 0xFF);
                }
            }
        }
    }

    /// BT.601 of full range, in 16-bit fixed point.
    static void colour(byte y, byte cb, byte cr, byte[] rgb, int target) {
        var luma = y & 0xFF;
        var blue = (cb & 0xFF) - 128;
        var red = (cr & 0xFF) - 128;
        rgb[target] = clip(luma + ((91881 * red + HALF) >> 16));
        rgb[target + 1] = clip(luma + ((-22554 * blue - 46802 * red + HALF) >> 16));
        rgb[target + 2] = clip(luma + ((116130 * blue + HALF) >> 16));
    }

    /// What a coloured ink leaves of the light that black leaves.
    static byte inked(int ink, int light) {
        var product = ink * light + 128;
        return (byte) (light - ((product + (product >> 8)) >> 8));
    }

    private static byte clip(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }
}
