package dev.aerie.text;

/// Characters out of bytes that arrive one by one. What cannot become a character turns into U+FFFD: one for each byte
/// (SentencePiece's way) or one for each longest beginning of a character (Rust's and Java's way).
final class Utf8Stream {

    private final boolean perByte;
    private final byte[] pending = new byte[4];
    private int count;

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
        pending[count++] = value;
        drain(out, false);
    }

    /// The end of the bytes: what is still unfinished becomes U+FFFD.
    void finish(StringBuilder out) {
        drain(out, true);
    }

    private void drain(StringBuilder out, boolean atEnd) {
        while (count > 0) {
            var length = Utf8.character(pending, 0, count);
            if (length == 0 && !atEnd) {
                return;
            }
            out.append(length > 0 ? Utf8.string(pending, 0, length) : "\uFFFD");
            var used = length > 0 ? length : perByte ? 1 : length < 0 ? -length : count;
            System.arraycopy(pending, used, pending, 0, count - used);
            count -= used;
        }
    }
}
