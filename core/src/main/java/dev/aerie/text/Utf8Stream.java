package dev.aerie.text;

import java.util.Arrays;

/// Characters out of bytes that arrive one by one. What cannot become a character turns into U+FFFD: one for each byte
/// (SentencePiece's way) or one for each longest beginning of a character (Rust's and Java's way).
final class Utf8Stream {

    private final boolean perByte;
    private byte[] pending = new byte[16];
    private int from;
    private int to;

    private Utf8Stream(boolean perByte) {
        this.perByte = perByte;
    }

    static Utf8Stream onePerByte() {
        return new Utf8Stream(true);
    }

    static Utf8Stream onePerSequence() {
        return new Utf8Stream(false);
    }

    void accept(byte value, StringBuilder out) {
        if (to == pending.length) {
            pending = Arrays.copyOf(pending, 2 * to);
        }
        pending[to++] = value;
        drain(out, false);
    }

    /// The end of the bytes: what is still unfinished becomes U+FFFD.
    void finish(StringBuilder out) {
        drain(out, true);
    }

    private void drain(StringBuilder out, boolean atEnd) {
        while (from < to) {
            var length = Utf8.character(pending, from, to);
            if (length > 0) {
                out.append(Utf8.string(pending, from, from + length));
                from += length;
            } else if (length < 0 || atEnd) {
                out.append('\uFFFD');
                from += perByte ? 1 : length < 0 ? -length : to - from;
            } else {
                return;
            }
        }
        from = 0;
        to = 0;
    }
}
