package dev.aerie.image;

/// PBM, PGM and PPM, as text (P1 – P3) or bytes (P4 – P6). Samples are scaled to 255 as Pillow does, which scales grey
/// of more than 8 bits to 65535 and then cuts off at 255.
final class Pnm {

    private static final int LONGEST_TOKEN = 10;

    private final Source source;
    private final int kind;
    private long at = 2;

    private Pnm(Source source) {
        this.source = source;
        kind = source.u8(1) - '0';
    }

    static Decoded read(Source source) {
        return new Decoded(new Pnm(source).read());
    }

    private Picture read() {
        var width = token();
        var height = token();
        source.checkSize(width, height);
        var bitmap = kind == 1 || kind == 4;
        var greatest = bitmap ? 1 : token();
        if (greatest < 1 || greatest > 65535) {
            throw source.damaged("its largest PNM sample would be " + greatest + ", expected 1 to 65535");
        }
        var text = kind <= 3;
        var channels = kind == 3 || kind == 6 ? 3 : 1;
        var samples = width * height * channels;
        if (!text) {
            at++; // the one white space behind the header
        }
        var bytes = kind == 4
                ? (width + 7) / 8 * height
                : text ? (bitmap ? samples : 2 * samples - 1) : greatest > 255 ? 2 * samples : samples;
        source.require(at, bytes);
        var rgb = Picture.allocate((int) width, (int) height);
        var levels = levels((int) greatest, channels);
        for (var i = 0; i < rgb.length; i += 3) {
            if (kind == 4) {
                var x = i / 3 % width;
                var bit = source.u8(at + i / 3 / width * ((width + 7) / 8) + x / 8) >> (7 - x % 8) & 1;
                fill(rgb, i, bit == 1 ? 0 : -1);
            } else if (kind == 1) {
                fill(rgb, i, bit() == 1 ? 0 : -1);
            } else if (channels == 1) {
                fill(rgb, i, levels[sample(text, (int) greatest)]);
            } else {
                for (var channel = 0; channel < 3; channel++) {
                    rgb[i + channel] = levels[sample(text, (int) greatest)];
                }
            }
        }
        return new Picture((int) width, (int) height, rgb);
    }

    private static void fill(byte[] rgb, int at, int value) {
        rgb[at] = rgb[at + 1] = rgb[at + 2] = (byte) value;
    }

    /// The byte for every sample; half-way values go to the even neighbour. Bytes may exceed the largest sample.
    private static byte[] levels(int greatest, int channels) {
        var top = greatest > 255 && channels == 1 ? 65535 : 255;
        var levels = new byte[Math.max(256, greatest > 255 ? 65536 : 0)];
        for (var i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.min(255, Math.rint((double) i / greatest * top));
        }
        return levels;
    }

    private int sample(boolean text, int greatest) {
        if (text) {
            var value = token();
            if (value > greatest) {
                throw source.damaged("a PNM sample is " + value + ", more than the largest, " + greatest);
            }
            return (int) value;
        }
        var wide = greatest > 255;
        var value = wide ? source.u16be(at) : source.u8(at);
        at += wide ? 2 : 1;
        return value;
    }

    /// The next digit of a text bitmap; white space between digits may be missing.
    private int bit() {
        skipSpace();
        var digit = source.u8(at++) - '0';
        if (digit != 0 && digit != 1) {
            throw source.damaged("its PBM data has something else than 0 and 1 at byte " + (at - 1));
        }
        return digit;
    }

    /// The next decimal number.
    private long token() {
        skipSpace();
        var start = at;
        var value = 0L;
        while (at < source.length() && source.u8(at) >= '0' && source.u8(at) <= '9') {
            value = 10 * value + source.u8(at++) - '0';
            if (at - start > LONGEST_TOKEN) {
                throw source.damaged("its PNM number at byte " + start + " is too long");
            }
        }
        var ended = at == source.length() || isSpace(source.u8(at)) || source.u8(at) == '#';
        if (at == start || !ended) {
            throw source.damaged("a number was expected at byte " + start + " of its PNM data");
        }
        return value;
    }

    /// Goes behind white space and comments, which reach from # to the end of the line.
    private void skipSpace() {
        while (at < source.length()) {
            var character = source.u8(at);
            if (character == '#') {
                while (at < source.length() && source.u8(at) != '\n' && source.u8(at) != '\r') {
                    at++;
                }
            } else if (!isSpace(character)) {
                return;
            } else {
                at++;
            }
        }
    }

    private static boolean isSpace(int character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }
}
