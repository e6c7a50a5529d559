package dev.aerie.files;

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
import java.util.regex.Pattern;
import tools.jackson.core.exc.JacksonIOException;

/// New files that take the places of old ones only when all of them are safely on the disk. What was staged and
/// not committed is gone after [#close].
public final class Replacement implements AutoCloseable {

    /// Writes the content of a file.
    @FunctionalInterface
    public interface Content {
        void writeTo(WritableByteChannel out) throws IOException;
    }

    private static final long UNKNOWN = -1;
    private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.[0-9a-f-]{36}\\.tmp");

    /// Target to temporary file, in the order of the moves.
    private final Map<Path, Path> staged = new LinkedHashMap<>();

    private final Set<Path> committed = new HashSet<>();

    /// Writes what shall become `target` to a file beside it.
    public void stage(Path target, Content content) {
        write(target, UNKNOWN, content);
    }

    /// Writes what shall become `target` to a file beside it, unless the disk has too little room.
    ///
    /// @param bytes that `content` will write
    public void stage(Path target, long bytes, Content content) {
        DiskSpace.require(target, bytes);
        write(target, bytes, content);
    }

    private void write(Path target, long bytes, Content content) {
        var place = target.toAbsolutePath();
        try {
            Files.createDirectories(folder(place));
            var temporary = place.resolveSibling("." + place.getFileName() + "." + UUID.randomUUID() + ".tmp");
            staged.put(place, temporary);
            try (var out = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(out);
                out.force(true);
            }
        } catch (IOException | JacksonIOException e) {
            throw unwritable(target, bytes, e);
        }
    }

    /// Removes what a process that was killed had staged in a folder in which nobody else writes.
    public static void tidy(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var files = Files.list(folder)) {
            for (var file : files.filter(each -> TEMPORARY
                            .matcher(String.valueOf(each.getFileName()))
                            .matches())
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    /// Moves the staged files to their places, in the order in which they were staged.
    public void commit() {
        var moves = staged.entrySet().iterator();
        while (moves.hasNext()) {
            var move = moves.next();
            try {
                Files.move(move.getValue(), move.getKey(), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw unwritable(move.getKey(), UNKNOWN, e);
            }
            committed.add(move.getKey());
            moves.remove();
        }
        committed.stream().map(Replacement::folder).distinct().forEach(Replacement::sync);
    }

    /// Removes the files of `folder` whose names match and that were not committed here, those that come last by name
    /// first.
    public void removeOthers(Path folder, Predicate<String> names) {
        try (var listing = Files.list(folder)) {
            var others = listing.map(Path::toAbsolutePath)
                    .filter(file -> names.test(String.valueOf(file.getFileName())) && !committed.contains(file))
                    .sorted((one, other) -> other.compareTo(one))
                    .toList();
            for (var file : others) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new AerieException(
                    "cannot remove what " + folder + " held before (" + oneLine(e) + "); remove its files", e);
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

    /// Makes what was moved in a folder last; where a folder cannot be opened as a file (Windows), the system sees to
    /// it.
    public static void sync(Path folder) {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // See above.
        }
    }

    private static AerieException unwritable(Path target, long bytes, Exception cause) {
        var room = bytes == UNKNOWN ? "" : "; " + DiskSpace.describe(bytes, DiskSpace.free(target));
        return new AerieException(
                "cannot write " + target + ": " + oneLine(cause) + room
                        + "; check the folder's permissions and free space",
                cause);
    }

    /// The message of a file error is often but a name; its class says what happened.
    private static String oneLine(Exception e) {
        var plain = e instanceof JacksonIOException && e.getCause() instanceof IOException inner ? inner : e;
        return plain.getClass().getSimpleName() + " (" + plain.getMessage() + ")";
    }
}
