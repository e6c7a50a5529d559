package dev.aerie.image;

import java.util.Random;

/// Pictures that tests are made from.
final class TestPictures {

    private TestPictures() {}

    static Picture noise(int width, int height, long seed) {
        var rgb = new byte[3 * width * height];
        new Random(seed).nextBytes(rgb);
        return new Picture(width, height, rgb);
    }

    /// A picture whose pixels are numbered, row by row, in the red channel.
    static Picture numbered(int width, int height) {
        var rgb = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++) {
            rgb[3 * i] = (byte) i;
        }
        return new Picture(width, height, rgb);
    }

    static int[] reds(Picture picture) {
        var reds = new int[picture.width() * picture.height()];
        for (var i = 0; i < reds.length; i++) {
            reds[i] = picture.rgb()[3 * i] & 0xFF;
        }
        return reds;
    }
}
