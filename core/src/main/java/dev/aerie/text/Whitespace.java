package dev.aerie.text;

/// White space as Python's `str.strip` knows it: Unicode's, and the separators U+001C to U+001F. Java's own notion
/// leaves out the non-breaking spaces.
public final class Whitespace {

    private Whitespace() {}

    public static boolean is(int c) {
        return c == ' ' || c >= 0x09 && c <= 0x0D || c >= 0x1C && c <= 0x1F || c == 0x85 || Character.isSpaceChar(c);
    }

    /// Where the text without its leading white space begins.
    static int start(String text) {
        var from = 0;
        while (from < text.length() && is(text.charAt(from))) {
            from++;
        }
        return from;
    }

    /// Where the text without its trailing white space ends.
    static int end(String text) {
        var to = text.length();
        while (to > 0 && is(text.charAt(to - 1))) {
            to--;
        }
        return to;
    }

    public static String strip(String text) {
        var from = start(text);
        return from == text.length() ? "" : text.substring(from, end(text));
    }
}
