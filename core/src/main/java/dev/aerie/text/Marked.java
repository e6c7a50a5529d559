package dev.aerie.text;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Text with a mark on every character that is to be taken literally, because a user wrote it.
record Marked(String text, BitSet literal) {

    /// The same in UTF-8, a mark per byte.
    record Bytes(byte[] utf8, BitSet literal) {

        boolean anyLiteral(int from, int to) {
            var first = literal.nextSetBit(from);
            return first >= 0 && first < to;
        }
    }

    static Marked trusted(String text) {
        return new Marked(text, new BitSet());
    }

    static Marked of(List<Span> spans) {
        var text = new StringBuilder();
        var literal = new BitSet();
        for (var span : spans) {
            var from = text.length();
            text.append(span.text());
            literal.set(from, text.length(), !span.trusted());
        }
        return new Marked(text.toString(), literal);
    }

    boolean anyLiteral(int from, int to) {
        var first = literal.nextSetBit(from);
        return first >= 0 && first < to;
    }

    Marked slice(int from, int to) {
        return new Marked(text.substring(from, to), literal.get(from, to));
    }

    Marked plus(Marked other) {
        var both = (BitSet) literal.clone();
        other.literal.stream().forEach(i -> both.set(text.length() + i));
        return new Marked(text + other.text, both);
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    Bytes bytes() {
        var bytes = new byte[Math.multiplyExact(3, text.length())];
        var marks = new BitSet();
        var size = 0;
        for (var i = 0; i < text.length(); ) {
            var c = text.codePointAt(i);
            var from = size;
            if (c < 0x80) {
                bytes[size++] = (byte) c;
            } else if (c < 0x800) {
                bytes[size++] = (byte) (0xC0 | c >> 6);
                bytes[size++] = (byte) (0x80 | c & 0x3F);
            } else if (c < 0x10000) {
                var valid = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c;
                bytes[size++] = (byte) (0xE0 | valid >> 12);
                bytes[size++] = (byte) (0x80 | valid >> 6 & 0x3F);
                bytes[size++] = (byte) (0x80 | valid & 0x3F);
            } else {
                bytes[size++] = (byte) (0xF0 | c >> 18);
                bytes[size++] = (byte) (0x80 | c >> 12 & 0x3F);
                bytes[size++] = (byte) (0x80 | c >> 6 & 0x3F);
                bytes[size++] = (byte) (0x80 | c & 0x3F);
            }
            var chars = Character.charCount(c);
            if (anyLiteral(i, i + chars)) {
                marks.set(from, size);
            }
            i += chars;
        }
        return new Bytes(Arrays.copyOf(bytes, size), marks);
    }
}
