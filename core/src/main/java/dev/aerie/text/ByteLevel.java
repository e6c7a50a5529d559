package dev.aerie.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The alphabet of byte-level BPE (GPT-2): every byte has a printable character that stands for it. Bytes that print by
/// themselves stand for themselves, the others are numbered from U+0100.
final class ByteLevel {

    private static final int[] BYTES = new int[512];

    static {
        Arrays.fill(BYTES, -1);
        var next = 256;
        for (var b = 0; b < 256; b++) {
            var printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            BYTES[printable ? b : next++] = b;
        }
    }

    private ByteLevel() {}

    /// The bytes of a token; one with a character outside the alphabet stands for its own UTF-8.
    static byte[] bytes(String token) {
        var bytes = new byte[token.length()];
        for (var i = 0; i < bytes.length; i++) {
            var c = token.charAt(i);
            if (c >= BYTES.length || BYTES[c] < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) BYTES[c];
        }
        return bytes;
    }
}
