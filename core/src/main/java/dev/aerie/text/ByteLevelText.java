package dev.aerie.text;

import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// The decoder of byte-level BPE (GPT-2), id by id. Every byte has a printable character that stands for it: bytes that
/// print by themselves stand for themselves, the others are numbered from U+0100.
final class ByteLevelText implements StreamingDecoder {

    private static final String PRINTABLE = range('!', '~') + range('¡', '¬') + range('®', 'ÿ');
    private static final int[] OTHERS =
            IntStream.range(0, 256).filter(b -> PRINTABLE.indexOf(b) < 0).toArray();

    private final IntFunction<String> tokens;
    private final Utf8Stream bytes = Utf8Stream.onePerSequence();

    /// `tokens` gives the token of an id, empty where it is left out.
    ByteLevelText(IntFunction<String> tokens) {
        this.tokens = tokens;
    }

    private static String range(char first, char last) {
        return IntStream.rangeClosed(first, last)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public String next(int id) {
        var out = new StringBuilder();
        for (var b : bytes(tokens.apply(id))) {
            bytes.accept(b, out);
        }
        return out.toString();
    }

    @Override
    public String finish() {
        var out = new StringBuilder();
        bytes.finish(out);
        return out.toString();
    }

    /// The bytes of a token; one with a character outside the alphabet stands for its own UTF-8.
    private static byte[] bytes(String token) {
        var bytes = new byte[token.length()];
        for (var i = 0; i < bytes.length; i++) {
            var c = token.charAt(i);
            if (c >= 256 && c < 256 + OTHERS.length) {
                bytes[i] = (byte) OTHERS[c - 256];
            } else if (PRINTABLE.indexOf(c) >= 0) {
                bytes[i] = (byte) c;
            } else {
                return token.getBytes(StandardCharsets.UTF_8);
            }
        }
        return bytes;
    }
}
