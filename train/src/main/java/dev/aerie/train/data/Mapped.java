package dev.aerie.train.data;

import dev.aerie.AerieException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A data file mapped read-only, to be read by many threads at once. `what` names its kind in errors.
record Mapped(Path path, String what, MemorySegment bytes, Arena arena) implements AutoCloseable {

    /// The file owns the arena and closes it with itself.
    @SuppressWarnings("MustBeClosedChecker")
    static Mapped open(Path path, String what) {
        if (!Files.isRegularFile(path)) {
            throw new AerieException("cannot read " + what + " " + path + ": there is no such file; check the path");
        }
        var arena = Arena.ofShared();
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new Mapped(path, what, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena), arena);
        } catch (IOException e) {
            arena.close();
            throw new AerieException(
                    "cannot read " + what + " " + path + ": it cannot be opened (" + e + "); check that it may be read",
                    e);
        }
    }

    long size() {
        return bytes.byteSize();
    }

    /// The byte at `at`; -1 at the end and beyond.
    int at(long at) {
        return at < bytes.byteSize() ? bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFF : -1;
    }

    /// Copies bytes that lie within the file.
    byte[] read(long offset, int length) {
        var copy = new byte[length];
        read(offset, copy, 0, length);
        return copy;
    }

    void read(long offset, byte[] target, int from, int length) {
        try {
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, target, from, length);
        } catch (InternalError e) {
            throw new AerieException(
                    "cannot read " + what + " " + path + ": it became shorter while it was open; start again", e);
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
