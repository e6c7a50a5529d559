package dev.aerie.cli.show;

import dev.aerie.image.Picture;

/// A picture as DEC sixels: bands of six rows, in which each colour is drawn over the whole width, six pixels one above
/// the other to a character (DEC STD 070, chapter 9).
public final class Sixel {

    /// What terminals commonly have.
    private static final int COLOURS = 256;

    private static final int BAND = 6;

    /// A character with no pixel set; the six lowest bits above it are the pixels, the topmost lowest.
    private static final char EMPTY = '?';

    /// Up to three characters are shorter than `!3` and a character.
    private static final int SHORT_RUN = 3;

    private final IndexedPicture picture;
    private final StringBuilder text = new StringBuilder();

    private Sixel(IndexedPicture picture) {
        this.picture = picture;
    }

    /// The escape sequence, with no more than 256 colours in steps of a hundredth.
    public static String of(Picture picture) {
        return new Sixel(IndexedPicture.of(picture, COLOURS)).encode();
    }

    private String encode() {
        text.append("\033P0;1q\"1;1;").append(picture.width()).append(';').append(picture.height());
        for (int i = 0; i < picture.colours().length; i++) {
            int rgb = picture.colours()[i];
            text.append('#').append(i).append(";2");
            for (int shift = 16; shift >= 0; shift -= 8) {
                text.append(';').append(((rgb >> shift & 0xFF) * 100 + 127) / 255);
            }
        }
        for (int top = 0; top < picture.height(); top += BAND) {
            band(top);
            text.append('-');
        }
        return text.append("\033\\").toString();
    }

    private void band(int top) {
        var masks = new byte[picture.colours().length][];
        for (int y = top; y < Math.min(picture.height(), top + BAND); y++) {
            for (int x = 0; x < picture.width(); x++) {
                int colour = picture.at(x, y);
                if (masks[colour] == null) {
                    masks[colour] = new byte[picture.width()];
                }
                masks[colour][x] |= (byte) (1 << (y - top));
            }
        }
        for (int colour = 0; colour < masks.length; colour++) {
            if (masks[colour] != null) {
                text.append('#').append(colour);
                runs(masks[colour]);
                text.append('$');
            }
        }
    }

    private void runs(byte[] masks) {
        for (int from = 0; from < masks.length; ) {
            int to = from + 1;
            while (to < masks.length && masks[to] == masks[from]) {
                to++;
            }
            var character = (char) (EMPTY + masks[from]);
            if (to - from > SHORT_RUN) {
                text.append('!').append(to - from).append(character);
            } else {
                text.repeat(character, to - from);
            }
            from = to;
        }
    }
}
