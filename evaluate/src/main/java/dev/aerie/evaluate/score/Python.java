package dev.aerie.evaluate.score;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Python's notions of text and numbers, which the reference's scorers rest on.
public final class Python {

    private static final String DIGITS = "[0-9](?:_?[0-9])*";
    private static final Pattern INTEGER = Pattern.compile("[+-]?" + DIGITS);
    private static final Pattern FLOAT = Pattern.compile(
            "[+-]?(?:" + DIGITS + "\\.?(?:" + DIGITS + ")?|\\." + DIGITS + ")(?:[eE][+-]?" + DIGITS + ")?");
    private static final Pattern SPECIAL = Pattern.compile("([+-]?)(inf|infinity|nan)", Pattern.CASE_INSENSITIVE);

    /// Above it `repr` writes an exponent.
    private static final int LONGEST_PLAIN = 16;

    private Python() {}

    /// `str.isspace` of one character: unlike Java's white space with the non-breaking ones and U+0085.
    public static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint) || codePoint == 0x85;
    }

    /// `str.strip()`.
    public static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /// `str.strip(character)`.
    static String strip(String text, char character) {
        int from = 0;
        int to = text.length();
        while (from < to && text.charAt(from) == character) {
            from++;
        }
        while (to > from && text.charAt(to - 1) == character) {
            to--;
        }
        return text.substring(from, to);
    }

    /// `str.split()`.
    public static List<String> split(String text) {
        var words = new ArrayList<String>();
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean space = i == text.length() || isSpace(text.charAt(i));
            if (!space && start < 0) {
                start = i;
            } else if (space && start >= 0) {
                words.add(text.substring(start, i));
                start = -1;
            }
        }
        return words;
    }

    /// `str.lower()`.
    public static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// `str.capitalize()`: the first character in title case, all others in lower case.
    public static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int end = text.offsetByCodePoints(0, 1);
        var first = text.substring(0, end);
        var upper = first.toUpperCase(Locale.ROOT);
        var title = upper.codePointCount(0, upper.length()) == 1
                ? Character.toString(Character.toTitleCase(first.codePointAt(0)))
                : upper.charAt(0) + lower(upper.substring(1));
        return title + lower(text.substring(end));
    }

    /// `len`: code points, not Java's units.
    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /// `float(text)`; empty where Python raises an error.
    public static OptionalDouble number(String text) {
        var ascii = ascii(strip(text));
        var special = SPECIAL.matcher(ascii);
        if (special.matches()) {
            double value =
                    special.group(2).toLowerCase(Locale.ROOT).equals("nan") ? Double.NaN : Double.POSITIVE_INFINITY;
            return OptionalDouble.of(special.group(1).equals("-") ? -value : value);
        }
        return FLOAT.matcher(ascii).matches()
                ? OptionalDouble.of(Double.parseDouble(ascii.replace("_", "")))
                : OptionalDouble.empty();
    }

    /// `int(text)`; empty where Python raises an error.
    public static Optional<BigInteger> integer(String text) {
        var ascii = ascii(strip(text));
        return INTEGER.matcher(ascii).matches()
                ? Optional.of(new BigInteger(ascii.replace("_", "").replace("+", "")))
                : Optional.empty();
    }

    /// Decimal digits of other scripts are digits, too.
    private static String ascii(String text) {
        var ascii = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c > 127 && Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER) {
                ascii.append(Character.digit(c, 10));
            } else {
                ascii.appendCodePoint(c);
            }
        });
        return ascii.toString();
    }

    /// `round(value, places)`: the exact binary value to the nearest, half to even.
    static double round(double value, int places) {
        return Double.isFinite(value)
                ? new BigDecimal(value).setScale(places, RoundingMode.HALF_EVEN).doubleValue() + zero(value)
                : value;
    }

    /// Keeps the sign of a negative number that became 0.
    private static double zero(double value) {
        return value < 0 || 1 / value < 0 ? -0.0 : 0.0;
    }

    /// `str(value)` of a float: the shortest digits that give it back.
    static String text(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        var sign = value < 0 || 1 / value < 0 ? "-" : "";
        if (value == 0) {
            return sign + "0.0";
        }
        var shortest = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
        var digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        if (exponent >= -4 && exponent < LONGEST_PLAIN) {
            var plain = shortest.toPlainString();
            return sign + (plain.contains(".") ? plain : plain + ".0");
        }
        var mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
