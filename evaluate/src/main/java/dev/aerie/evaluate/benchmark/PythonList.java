package dev.aerie.evaluate.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A list of texts in Python's notation, such as `['a', "b's"]`.
final class PythonList {

    private final String source;
    private int at;

    private PythonList(String source) {
        this.source = source;
    }

    /// The texts; empty if the notation is another.
    static Optional<List<String>> parse(String source) {
        return new PythonList(source.strip()).list();
    }

    private Optional<List<String>> list() {
        var texts = new ArrayList<String>();
        if (!take('[')) {
            return Optional.empty();
        }
        spaces();
        while (!take(']')) {
            var text = text();
            spaces();
            if (text.isEmpty() || (!take(',') && peek() != ']')) {
                return Optional.empty();
            }
            texts.add(text.get());
            spaces();
        }
        return at == source.length() ? Optional.of(texts) : Optional.empty();
    }

    private Optional<String> text() {
        char quote = peek();
        if (quote != '\'' && quote != '"') {
            return Optional.empty();
        }
        at++;
        var text = new StringBuilder();
        while (at < source.length() && peek() != quote) {
            char c = source.charAt(at++);
            if (c != '\\') {
                text.append(c);
            } else if (!escape(text)) {
                return Optional.empty();
            }
        }
        return take(quote) ? Optional.of(text.toString()) : Optional.empty();
    }

    private boolean escape(StringBuilder text) {
        char c = peek();
        at++;
        switch (c) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'a' -> text.append('\u0007');
            case 'v' -> text.append('\u000b');
            case '\\', '\'', '"' -> text.append(c);
            case 'x' -> {
                return code(text, 2);
            }
            case 'u' -> {
                return code(text, 4);
            }
            default -> text.append('\\').append(c); // Python keeps what it does not know
        }
        return at <= source.length();
    }

    private boolean code(StringBuilder text, int digits) {
        if (at + digits > source.length()) {
            return false;
        }
        var hex = source.substring(at, at + digits);
        at += digits;
        if (!hex.matches("[0-9a-fA-F]+")) {
            return false;
        }
        text.append((char) Integer.parseInt(hex, 16));
        return true;
    }

    private char peek() {
        return at < source.length() ? source.charAt(at) : 0;
    }

    private boolean take(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    private void spaces() {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
    }
}
