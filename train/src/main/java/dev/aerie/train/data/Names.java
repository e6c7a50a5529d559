package dev.aerie.train.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Names as numbers: the first 64 bits of their SHA-256. Among ten million names two share a number with a chance of
/// 3 in a million, so millions of names are told apart in 8 bytes each.
final class Names {

    private Names() {}

    static long hash(String name) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
