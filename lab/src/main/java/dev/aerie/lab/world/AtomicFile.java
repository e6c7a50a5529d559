package dev.aerie.lab.world;

import dev.aerie.AerieException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import tools.jackson.core.exc.JacksonIOException;

/// Writes a file beside its place, and moves it there when it is whole and on the disk.
final class AtomicFile {

    /// Writes what the file holds.
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    static void write(Path file, Content content) {
        var place = file.toAbsolutePath();
        var temporary = place.resolveSibling("." + place.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (var channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    var out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(temporary);
                throw e;
            }
            Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | JacksonIOException e) {
            throw failed("write " + file, e);
        }
    }

    static AerieException failed(String what, Exception e) {
        return new AerieException(
                "cannot " + what + ": " + e.getClass().getSimpleName() + " (" + e.getMessage()
                        + "); is there room, and may you write there?",
                e);
    }
}
