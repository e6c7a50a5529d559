package dev.aerie.weights;

import dev.aerie.AerieException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A whole file mapped read-only, and the errors that name it. Beyond the mapped end memory is not ours: every
/// slice is checked against the size that the file had when it was opened.
record MappedFile(Path path, MemorySegment bytes, Arena arena) implements AutoCloseable {

    /// The file owns the arena and closes it with itself.
    @SuppressWarnings("MustBeClosedChecker")
    static MappedFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw Fault.reading(path, "there is no such file", "check the path");
        }
        var arena = Arena.ofShared();
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new MappedFile(path, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena), arena);
        } catch (IOException e) {
            arena.close();
            throw Fault.reading(path, "it cannot be opened (" + e + ")", "check that it may be read", e);
        }
    }

    long size() {
        return bytes.byteSize();
    }

    /// The bytes from `offset`, which may come from the file and be any number; `what` names them in the error.
    MemorySegment slice(long offset, long length, String what) {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw damaged(what + " would lie at bytes " + offset + " to " + offset + " + " + length
                    + ", but the file has " + size());
        }
        return bytes.asSlice(offset, length);
    }

    /// The error of a file that contradicts itself.
    AerieException damaged(String problem) {
        return Fault.reading(path, problem, "the file is damaged or incomplete: fetch it again");
    }

    /// The error of a file that holds what is not read here.
    AerieException refused(String problem, String remedy) {
        return Fault.reading(path, problem, remedy);
    }

    @Override
    public void close() {
        arena.close();
    }
}
