package dev.aerie.files;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// The right to work in a folder, which one process has at a time. It is a lock on a file there, which the system gives
/// back when a process ends, however it ends.
public final class Claim implements AutoCloseable {

    private static final String FILE = "lock";

    private final FileChannel channel;

    private Claim(FileChannel channel) {
        this.channel = channel;
    }

    /// Claims a folder, which is made if need be; empty if somebody else has it.
    public static Optional<Claim> on(Path folder) {
        try {
            Files.createDirectories(folder);
            var channel = FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return Optional.of(new Claim(channel));
                }
            } catch (OverlappingFileLockException e) {
                // Another thread of this process has it.
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new AerieException("cannot work in " + folder + " (" + e + "); check permissions", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AerieException("cannot give a folder back (" + e + ")", e);
        }
    }
}
