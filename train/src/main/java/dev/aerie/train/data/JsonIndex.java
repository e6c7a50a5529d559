package dev.aerie.train.data;

import dev.aerie.AerieException;
import java.util.Arrays;

/// Where the records of a JSON file lie: the elements of its array, or the lines of a JSONL file. One pass over the
/// bytes finds them; nothing is decoded, and 12 bytes a record are kept.
///
/// What is not JSON is a record too, so that it is reported: from where it begins to the next place that looks like
/// the beginning of one, a `{` behind a comma whose first key is not that of a message.
final class JsonIndex {

    /// A record has a few kilobytes. The limit keeps an unclosed one from being taken for the rest of the file.
    static final int MOST_BYTES = 16 << 20;

    private static final int DEEPEST = 64;
    private static final int LONGEST_KEY = 256;
    private static final long BROKEN = -1;
    private static final long DONE = -2;

    private final Mapped file;
    private long[] starts = new long[1024];
    private int[] sizes = new int[1024];
    private int count;
    private long limit;

    private JsonIndex(Mapped file) {
        this.file = file;
    }

    static JsonIndex of(Mapped file) {
        var index = new JsonIndex(file);
        var first = index.skipWhite(file.at(0) == 0xEF ? 3 : 0);
        switch (file.at(first)) {
            case '[' -> index.array(first + 1);
            case '{' -> index.lines(first);
            default ->
                throw new AerieException("cannot read records from " + file.path()
                        + ": expected an array of records or a record a line, so [ or { at its beginning");
        }
        return index;
    }

    int count() {
        return count;
    }

    long start(int index) {
        return starts[index];
    }

    int size(int index) {
        return sizes[index];
    }

    private void lines(long from) {
        for (var at = from; at < file.size(); ) {
            var end = at;
            while (end < file.size() && file.at(end) != '\n') {
                end++;
            }
            if (skipWhite(at) < end) {
                add(at, end);
            }
            at = end + 1;
        }
    }

    private void array(long from) {
        var at = skipWhite(from);
        if (file.at(at) == ']' && skipWhite(at + 1) == file.size()) {
            return;
        }
        while (at != DONE) {
            limit = Math.min(file.size(), at + MOST_BYTES);
            var end = value(at, 0);
            at = end == BROKEN ? damage(at, at + 1, file.at(at) == ',') : whole(at, end);
        }
    }

    /// Takes an element in and says where the next one begins.
    private long whole(long from, long end) {
        add(from, end);
        var at = skipWhite(end);
        return switch (file.at(at)) {
            case ',' -> skipWhite(at + 1);
            case ']' -> skipWhite(at + 1) == file.size() ? DONE : damage(at, at + 1, false);
            default -> damage(at, at, true);
        };
    }

    /// Takes in what lies between `from` and the next place from `search` on that looks like the beginning of a record,
    /// and says where that is. `comma` is whether one stood before `search`.
    private long damage(long from, long search, boolean comma) {
        var behindComma = comma;
        for (var at = search; at < file.size(); at++) {
            var c = file.at(at);
            if (c == '{' && behindComma && beginsRecord(at)) {
                if (at > from) {
                    add(from, at);
                }
                return at;
            }
            behindComma = c == ',' || (behindComma && isWhite(c));
        }
        add(from, file.size());
        return DONE;
    }

    private boolean beginsRecord(long brace) {
        var quote = skipWhite(brace + 1);
        limit = Math.min(file.size(), quote + LONGEST_KEY);
        var end = file.at(quote) == '"' ? string(quote) : BROKEN;
        return end != BROKEN
                && file.at(skipWhite(end)) == ':'
                && !isKey(quote, "\"from\"")
                && !isKey(quote, "\"value\"");
    }

    private boolean isKey(long at, String key) {
        for (var i = 0; i < key.length(); i++) {
            if (file.at(at + i) != key.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void add(long from, long to) {
        if (count == starts.length) {
            var room = Math.addExact(count, count >> 1);
            starts = Arrays.copyOf(starts, room);
            sizes = Arrays.copyOf(sizes, room);
        }
        starts[count] = from;
        sizes[count++] = (int) Math.min(to - from, Integer.MAX_VALUE);
    }

    /// Where the value that begins at `at` ends, by brackets, quotes and commas alone.
    private long value(long at, int depth) {
        return switch (file.at(at)) {
            case '{' -> list(at, '}', depth + 1);
            case '[' -> list(at, ']', depth + 1);
            case '"' -> string(at);
            default -> word(at);
        };
    }

    private long list(long open, int close, int depth) {
        var at = skipWhite(open + 1);
        if (depth > DEEPEST || file.at(at) == close) {
            return depth > DEEPEST ? BROKEN : at + 1;
        }
        while (true) {
            if (close == '}') {
                at = file.at(at) == '"' ? string(at) : BROKEN;
                at = at == BROKEN ? BROKEN : skipWhite(at);
                if (at == BROKEN || file.at(at) != ':') {
                    return BROKEN;
                }
                at = skipWhite(at + 1);
            }
            at = value(at, depth);
            if (at == BROKEN || at > limit) {
                return BROKEN;
            }
            at = skipWhite(at);
            var c = file.at(at);
            if (c == close) {
                return at + 1;
            }
            if (c != ',') {
                return BROKEN;
            }
            at = skipWhite(at + 1);
        }
    }

    private long string(long open) {
        for (var at = open + 1; at < limit; at++) {
            switch (file.at(at)) {
                case '"' -> {
                    return at + 1;
                }
                case '\\' -> at++;
                default -> {
                    if (file.at(at) < ' ') {
                        return BROKEN;
                    }
                }
            }
        }
        return BROKEN;
    }

    /// A number, `true`, `false` or `null`.
    private long word(long from) {
        var at = from;
        while (isWord(file.at(at))) {
            at++;
        }
        return at == from ? BROKEN : at;
    }

    private static boolean isWord(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
    }

    private long skipWhite(long from) {
        var at = from;
        while (isWhite(file.at(at))) {
            at++;
        }
        return at;
    }

    private static boolean isWhite(int c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}
