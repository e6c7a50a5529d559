package dev.aerie.text;

import java.nio.charset.StandardCharsets;

/// Where characters begin and end in UTF-8 (Unicode 15, table 3-7: no overlong forms, no surrogates).
final class Utf8 {

    private Utf8() {}

    /// The length of the character that starts at `from`; 0 if the bytes end before it does; `-n` if the first `n`
    /// bytes are no part of any character.
    static int character(byte[] bytes, int from, int to) {
        var lead = bytes[from] & 0xFF;
        if (lead < 0x80) {
            return 1;
        }
        var length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (length == 0) {
            return -1;
        }
        for (var i = 1; i < length; i++) {
            if (from + i >= to) {
                return 0;
            }
            var next = bytes[from + i] & 0xFF;
            if (next < (i == 1 ? lowestSecond(lead) : 0x80) || next > (i == 1 ? highestSecond(lead) : 0xBF)) {
                return -i;
            }
        }
        return length;
    }

    private static int lowestSecond(int lead) {
        return lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    }

    private static int highestSecond(int lead) {
        return lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    }

    static String string(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    static String string(byte[] bytes) {
        return string(bytes, 0, bytes.length);
    }

    /// The text with every lone surrogate replaced by U+FFFD: Java strings may hold them, UTF-8 may not.
    static String wellFormed(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                var fixed = new StringBuilder(text.length());
                text.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                        .forEach(fixed::appendCodePoint);
                return fixed.toString();
            }
        }
        return text;
    }
}
