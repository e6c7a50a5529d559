package dev.aerie.weights;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/// New files that take the places of old ones only when all of them are safely on the disk. What was staged and
/// not committed is gone after [#close].
final class Replacement implements AutoCloseable {

    /// Writes the content of a file.
    interface Content {
        void writeTo(WritableByteChannel out) throws IOException;
    }

    /// Target to temporary file, in the order of the moves.
    private final Map<Path, Path> staged = new LinkedHashMap<>();

    private final Set<Path> committed = new HashSet<>();

    /// Writes what shall become `target` to a file beside it.
    void stage(Path target, Content content) {
        var place = target.toAbsolutePath();
        try {
            Files.createDirectories(folder(place));
            var temporary = place.resolveSibling("." + place.getFileName() + "." + UUID.randomUUID() + ".tmp");
            staged.put(place, temporary);
            try (var out = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(out);
                out.force(true);
            }
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /// Moves the staged files to their places, in the order in which they were staged.
    void commit() {
        var moves = staged.entrySet().iterator();
        while (moves.hasNext()) {
            var move = moves.next();
            try {
                Files.move(move.getValue(), move.getKey(), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw unwritable(move.getKey(), e);
            }
            committed.add(move.getKey());
            moves.remove();
        }
        committed.stream().map(Replacement::folder).distinct().forEach(Replacement::sync);
    }

    /// Removes the files of `folder` whose names match and that were not committed here: an index before the
    /// files it names, since what has no index is not looked for.
    void removeOthers(Path folder, Predicate<String> names) {
        try (var listing = Files.list(folder)) {
            var others = listing.map(Path::toAbsolutePath)
                    .filter(file -> names.test(String.valueOf(file.getFileName())) && !committed.contains(file))
                    .sorted((one, other) -> other.compareTo(one))
                    .toList();
            for (var file : others) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw Fault.writing(folder, "an earlier checkpoint cannot be removed (" + e + ")", "remove its files", e);
        }
    }

    @Override
    public void close() {
        for (var temporary : staged.values()) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                // The error that led here tells more.
            }
        }
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent());
    }

    /// Makes the moves last; where a folder cannot be opened as a file (Windows), the system sees to it.
    private static void sync(Path folder) {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // See above.
        }
    }

    private static AerieException unwritable(Path target, IOException cause) {
        return Fault.writing(
                target, "it cannot be written (" + cause + ")", "check the folder's permissions and free space", cause);
    }
}
