package dev.aerie.cli.show;

import dev.aerie.image.Picture;

/// A picture as text: a character for two pixels, one above the other, in 24-bit colours (ECMA-48 SGR 38;2 and 48;2).
public final class HalfBlocks {

    private static final char UPPER_HALF = '▀';

    private HalfBlocks() {}

    /// A line for every two rows of pixels, as wide as the picture.
    public static String of(Picture picture) {
        var text = new StringBuilder();
        for (int y = 0; y < picture.height(); y += 2) {
            for (int x = 0; x < picture.width(); x++) {
                text.append("\033[38;2;").append(colour(picture, x, y));
                if (y + 1 < picture.height()) {
                    text.append(";48;2;").append(colour(picture, x, y + 1));
                }
                text.append('m').append(UPPER_HALF);
            }
            text.append("\033[0m\n");
        }
        return text.toString();
    }

    private static String colour(Picture picture, int x, int y) {
        int at = 3 * (y * picture.width() + x);
        var rgb = picture.rgb();
        return (rgb[at] & 0xFF) + ";" + (rgb[at + 1] & 0xFF) + ";" + (rgb[at + 2] & 0xFF);
    }
}
