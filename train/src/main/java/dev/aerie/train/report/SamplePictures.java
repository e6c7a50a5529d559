package dev.aerie.train.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/// Puts pictures into the page. What is no picture, lies outside the run's folder or is too large is left out.
final class SamplePictures {

    private static final long MOST_BYTES = 2 << 20;
    private static final long MOST_IN_ALL = 24 << 20;

    private final Path folder;
    private long used;

    SamplePictures(Path folder) {
        this.folder = folder;
    }

    /// The file as a data URI.
    Optional<String> uri(String name) {
        try {
            var root = folder.toRealPath();
            var file = root.resolve(name).toRealPath();
            if (!file.startsWith(root) || !Files.isRegularFile(file)) {
                return Optional.empty();
            }
            long size = Files.size(file);
            if (size > MOST_BYTES || used + size > MOST_IN_ALL) {
                return Optional.empty();
            }
            var bytes = Files.readAllBytes(file);
            var type = type(bytes);
            used += type.isPresent() ? bytes.length : 0;
            return type.map(
                    found -> "data:" + found + ";base64," + Base64.getEncoder().encodeToString(bytes));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> type(byte[] bytes) {
        if (begins(bytes, 0x89, 'P', 'N', 'G', '\r', '\n')) {
            return Optional.of("image/png");
        }
        return begins(bytes, 0xFF, 0xD8, 0xFF) ? Optional.of("image/jpeg") : Optional.empty();
    }

    private static boolean begins(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
