package dev.aerie.evaluate.score;

import dev.aerie.text.Whitespace;
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

    private static final String DIGITS = "[0-9](?:_?[0-9])*+";
    private static final Pattern INTEGER = Pattern.compile("[+-]?" + DIGITS);
    private static final Pattern FLOAT = Pattern.compile(
            "[+-]?(?:" + DIGITS + "\\.?(?:" + DIGITS + ")?|\\." + DIGITS + ")(?:[eE][+-]?" + DIGITS + ")?");
    private static final Pattern SPECIAL = Pattern.compile("([+-]?)(inf|infinity|nan)", Pattern.CASE_INSENSITIVE);

    private static final Pattern C_SPACE = Pattern.compile("\\A[ \\t-\\r]+|[ \\t-\\r]+\\z");

    /// Above it `repr` writes an exponent.
    private static final int LONGEST_PLAIN = 16;

    private static final char SIGMA = 'Σ';

    /// Unicode's characters that may stand inside a word.
    private static final String MID_LETTERS =
            "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

    private Python() {}

    /// `str.isspace` of one character.
    public static boolean isSpace(int codePoint) {
        return Whitespace.is(codePoint);
    }

    /// `str.strip()`.
    public static String strip(String text) {
        return Whitespace.strip(text);
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

    /// `str.lower()`. A sigma at the end of a word is another letter; Java and Unicode differ in where words end.
    public static String lower(String text) {
        int sigma = text.indexOf(SIGMA);
        if (sigma < 0) {
            return text.toLowerCase(Locale.ROOT);
        }
        var lower = new StringBuilder(text.length());
        int from = 0;
        for (; sigma >= 0; sigma = text.indexOf(SIGMA, from)) {
            lower.append(text.substring(from, sigma).toLowerCase(Locale.ROOT));
            lower.append(isLast(text, sigma) ? 'ς' : 'σ');
            from = sigma + 1;
        }
        return lower.append(text.substring(from).toLowerCase(Locale.ROOT)).toString();
    }

    /// Unicode's Final_Sigma: a cased letter before it and none behind, case-ignorable characters aside.
    private static boolean isLast(String text, int sigma) {
        int before = sigma;
        while (before > 0 && isIgnorable(text.codePointBefore(before))) {
            before -= Character.charCount(text.codePointBefore(before));
        }
        int behind = sigma + 1;
        while (behind < text.length() && isIgnorable(text.codePointAt(behind))) {
            behind += Character.charCount(text.codePointAt(behind));
        }
        return before > 0
                && isCased(text.codePointBefore(before))
                && (behind == text.length() || !isCased(text.codePointAt(behind)));
    }

    private static boolean isCased(int c) {
        return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
    }

    private static boolean isIgnorable(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL -> true;
            default -> MID_LETTERS.indexOf(c) >= 0;
        };
    }

    /// `str.capitalize()`: the first character in title case, all others in lower case.
    public static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int end = text.offsetByCodePoints(0, 1);
        var first = text.substring(0, end);
        var upper = first.toUpperCase(Locale.ROOT);
        int simple = Character.toTitleCase(first.codePointAt(0));
        boolean several = upper.codePointCount(0, upper.length()) > 1 && simple == first.codePointAt(0);
        var title = !several
                ? Character.toString(simple)
                : isCased(upper.charAt(0)) ? upper.charAt(0) + lower(upper.substring(1)) : upper;
        return title + lower(text).substring(lower(first).length());
    }

    /// `len`: code points, not Java's units.
    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /// `float(text)`; empty where Python raises an error.
    public static OptionalDouble number(String text) {
        var ascii = ascii(text);
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
        var ascii = ascii(text);
        return INTEGER.matcher(ascii).matches()
                ? Optional.of(new BigInteger(ascii.replace("_", "").replace("+", "")))
                : Optional.empty();
    }

    /// Decimal digits of other scripts are digits, too, and their spaces are spaces; of ASCII's only those of C are.
    private static String ascii(String text) {
        var ascii = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c > 127 && Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER) {
                ascii.append(Character.digit(c, 10));
            } else {
                ascii.appendCodePoint(c > 127 && isSpace(c) ? ' ' : c);
            }
        });
        return C_SPACE.matcher(ascii).replaceAll("");
    }

    /// `round(value, places)`: the exact binary value to the nearest, half to even.
    static double round(double value, int places) {
        return Double.isFinite(value)
                ? Math.copySign(
                        new BigDecimal(value)
                                .setScale(places, RoundingMode.HALF_EVEN)
                                .doubleValue(),
                        value) // a negative number that became 0 keeps its sign
                : value;
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
