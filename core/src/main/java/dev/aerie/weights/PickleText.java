package dev.aerie.weights;

import java.math.BigInteger;
import java.util.regex.Pattern;

/// The text forms of protocol 0: numbers in decimal, strings with escapes.
///
/// What is malformed is an [IllegalArgumentException].
final class PickleText {

    private static final int MAX_NUMBER = 600;
    private static final Pattern ESCAPE =
            Pattern.compile("\\\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(.))");

    private PickleText() {}

    /// `INT`: a decimal number, or `00` and `01` for the truth values.
    static Object integer(String line) {
        return switch (line) {
            case "00" -> false;
            case "01" -> true;
            default -> narrowed(new BigInteger(bounded(line)));
        };
    }

    /// `LONG`: a decimal number, mostly with an `L` behind it.
    static Object longInteger(String line) {
        return narrowed(new BigInteger(bounded(line.endsWith("L") ? line.substring(0, line.length() - 1) : line)));
    }

    static double floating(String line) {
        return Double.parseDouble(bounded(line));
    }

    /// `PUT` and `GET`: the number of a memo.
    static long memo(String line) {
        return Long.parseLong(line);
    }

    /// `STRING`: the text between quotes, with Python's escapes.
    static String quoted(String line) {
        if (line.length() < 2
                || line.charAt(0) != line.charAt(line.length() - 1)
                || "'\"".indexOf(line.charAt(0)) < 0) {
            throw new IllegalArgumentException("a string without quotes");
        }
        return unescaped(line.substring(1, line.length() - 1), false);
    }

    /// `UNICODE`: text in which only `\\u` and `\\U` are escapes.
    static String raw(String line) {
        return unescaped(line, true);
    }

    static Object narrowed(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    /// Longer numbers than this are never weights and slow to read.
    private static String bounded(String number) {
        if (number.length() > MAX_NUMBER) {
            throw new IllegalArgumentException("a number of " + number.length() + " characters");
        }
        return number;
    }

    private static String unescaped(String text, boolean unicodeOnly) {
        var matcher = ESCAPE.matcher(text);
        var plain = new StringBuilder(text.length());
        var from = 0;
        while (matcher.find()) {
            plain.append(text, from, matcher.start());
            from = matcher.end();
            var unicode = matcher.group(2) != null || matcher.group(3) != null;
            if (unicodeOnly && !unicode) {
                plain.append(matcher.group());
            } else {
                plain.appendCodePoint(codePoint(matcher.group(), unicode));
            }
        }
        return plain.append(text, from, text.length()).toString();
    }

    private static int codePoint(String escape, boolean unicode) {
        var kind = escape.charAt(1);
        if (unicode || (kind == 'x' && escape.length() == 4)) {
            var point = Integer.parseUnsignedInt(escape.substring(2), 16);
            if (!Character.isValidCodePoint(point)) {
                throw new IllegalArgumentException("a character beyond Unicode");
            }
            return point;
        }
        if (kind >= '0' && kind <= '7') {
            return Integer.parseInt(escape.substring(1), 8);
        }
        return switch (kind) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'v' -> 11;
            default -> escape.codePointAt(1);
        };
    }
}
