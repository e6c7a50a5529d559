package dev.aerie.files;

import dev.aerie.AerieException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Writes one file: it is there as before or as wanted, never in between.
public final class AtomicFile {

    private AtomicFile() {}

    /// Writes what `content` writes.
    ///
    /// @throws AerieException if it cannot be written; what was there is then as it was
    public static void write(Path file, Replacement.Content content) {
        try (var replacement = new Replacement()) {
            replacement.stage(file, content);
            replacement.commit();
        }
    }

    /// Writes to a stream.
    public interface Streamed {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Writes what `content` writes to a buffered stream.
    public static void stream(Path file, Streamed content) {
        write(file, channel -> {
            var out = new BufferedOutputStream(Channels.newOutputStream(channel)); // closing it would close the file
            content.writeTo(out);
            out.flush();
        });
    }

    /// Writes a text in UTF-8.
    public static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    public static void write(Path file, byte[] bytes) {
        try (var replacement = new Replacement()) {
            replacement.stage(file, bytes.length, out -> {
                var left = ByteBuffer.wrap(bytes);
                while (left.hasRemaining()) {
                    out.write(left);
                }
            });
            replacement.commit();
        }
    }
}
