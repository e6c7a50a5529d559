package dev.aerie.lab.world;

import static java.lang.Math.clamp;

/// Colours as numbers `0xRRGGBB`.
final class Rgb {

    static final int WHITE = 0xFFFFFF;

    private Rgb() {}

    /// A colour of channels that are brought into 0 to 255.
    static int of(int red, int green, int blue) {
        return clamp(red, 0, 255) << 16 | clamp(green, 0, 255) << 8 | clamp(blue, 0, 255);
    }

    static int red(int rgb) {
        return rgb >> 16 & 0xFF;
    }

    static int green(int rgb) {
        return rgb >> 8 & 0xFF;
    }

    static int blue(int rgb) {
        return rgb & 0xFF;
    }

    /// So much of one colour, the rest of the other.
    static int mix(int rgb, double share, int other) {
        return of(
                (int) (share * red(rgb) + (1 - share) * red(other)),
                (int) (share * green(rgb) + (1 - share) * green(other)),
                (int) (share * blue(rgb) + (1 - share) * blue(other)));
    }

    /// White or black, whichever is easier to read on the colour.
    static int inkOn(int rgb) {
        var luma = 0.3 * red(rgb) + 0.59 * green(rgb) + 0.11 * blue(rgb);
        return luma > 135 ? Colour.BLACK.rgb() : WHITE;
    }
}
