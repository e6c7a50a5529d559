package dev.aerie.train.data;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Tar files, each whole or in the parts that it was split into, whose files are read where they lie.
final class TarArchives implements AutoCloseable {

    /// Hears of every file in the archives, in their order.
    interface Visitor {
        void file(String name, Place place);
    }

    /// Where a file lies.
    record Place(int archive, long offset, long size) {}

    private static final int BLOCK = 512;

    private final List<JoinedFiles> archives;

    private TarArchives(List<JoinedFiles> archives) {
        this.archives = archives;
    }

    /// Opens the archives that a path stands for, in one pass over the headers of their files.
    static TarArchives open(Path path, Visitor visitor) {
        var archives = new ArrayList<JoinedFiles>();
        try {
            for (var parts : Shards.of(path)) {
                archives.add(JoinedFiles.open(parts, "archive"));
                visit(archives.getLast(), archives.size() - 1, visitor);
            }
            return new TarArchives(archives);
        } catch (RuntimeException e) {
            archives.forEach(JoinedFiles::close);
            throw e;
        }
    }

    /// Whether a file's name is that of an archive or of the part of one.
    static boolean isNameOfOne(String name) {
        return name.endsWith(".tar") || name.contains(".tar.part");
    }

    private static void visit(JoinedFiles archive, int number, Visitor visitor) {
        var stream = archive.stream();
        try (var tar = new TarArchiveInputStream(stream)) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var place = new Place(number, stream.position(), entry.getSize());
                if (!entry.isFile() || entry.isSparse() || entry.isLink() || entry.isSymbolicLink()) {
                    continue;
                }
                if (place.size > archive.size() - place.offset) {
                    throw new IOException("the entry " + entry.getName() + " lies beyond the end");
                }
                visitor.file(plain(entry.getName()), place);
            }
            requireEnd(archive);
        } catch (IOException | IllegalArgumentException e) {
            throw new AerieException(
                    "cannot read archive " + archive.name() + ": " + e.getMessage()
                            + "; the archive is damaged or a part of it is missing, fetch it again",
                    e);
        }
    }

    /// An archive ends with empty blocks; without them its last part may be missing.
    private static void requireEnd(JoinedFiles archive) throws IOException {
        var size = archive.size();
        if (size < BLOCK || !Arrays.equals(archive.read(size - BLOCK, BLOCK), new byte[BLOCK])) {
            throw new IOException("it does not end as archives do");
        }
    }

    /// A name without the `./` that archives of a folder begin their names with.
    static String plain(String name) {
        return name.startsWith("./") ? name.substring(2) : name;
    }

    /// The path of the first archive, for errors.
    String name() {
        return archives.getFirst().name();
    }

    byte[] read(Place place) {
        return archives.get(place.archive).read(place.offset, Math.toIntExact(place.size));
    }

    @Override
    public void close() {
        archives.forEach(JoinedFiles::close);
    }
}
