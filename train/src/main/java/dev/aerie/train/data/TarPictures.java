package dev.aerie.train.data;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Pictures in tar files (WebDataset shards, or one archive split in parts): found in one pass over the headers,
/// read where they lie. 24 bytes an entry are kept. Of two entries with one name the later counts, as for `tar`.
public final class TarPictures implements PictureStore {

    /// A file of an archive.
    private record Entry(long name, long offset, int archive, int size) {}

    private static final int TOO_LARGE = -1;
    private static final int BLOCK = 512;

    private final List<JoinedFiles> archives;
    private final long[] names;
    private final long[] offsets;
    private final int[] archiveOf;
    private final int[] sizes;

    private TarPictures(List<JoinedFiles> archives, List<Entry> entries) {
        this.archives = archives;
        var count = entries.size();
        names = new long[count];
        offsets = new long[count];
        archiveOf = new int[count];
        sizes = new int[count];
        for (var i = 0; i < count; i++) {
            var entry = entries.get(i);
            names[i] = entry.name;
            offsets[i] = entry.offset;
            archiveOf[i] = entry.archive;
            sizes[i] = entry.size;
        }
    }

    /// Opens archives, each a list of the parts that it was split into.
    static TarPictures open(List<List<Path>> shards) {
        var archives = new ArrayList<JoinedFiles>();
        var entries = new ArrayList<Entry>();
        try {
            for (var parts : shards) {
                archives.add(JoinedFiles.open(parts, "pictures"));
                index(archives.getLast(), archives.size() - 1, entries);
            }
            // Sorting is stable: the last of equal names stays last.
            entries.sort((one, other) -> Long.compare(one.name, other.name));
            return new TarPictures(archives, entries);
        } catch (RuntimeException e) {
            archives.forEach(JoinedFiles::close);
            throw e;
        }
    }

    private static void index(JoinedFiles archive, int number, List<Entry> entries) {
        var stream = archive.stream();
        try (var tar = new TarArchiveInputStream(stream)) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var at = stream.position();
                if (!entry.isFile() || entry.isSparse() || entry.isLink() || entry.isSymbolicLink()) {
                    continue;
                }
                var size = entry.getSize();
                if (at + size > archive.size()) {
                    throw new IOException("the entry " + entry.getName() + " lies beyond the end");
                }
                var name = Names.hash(plain(entry.getName()));
                entries.add(new Entry(name, at, number, size > MOST_BYTES ? TOO_LARGE : (int) size));
            }
            requireEnd(archive);
        } catch (IOException | IllegalArgumentException e) {
            throw new AerieException(
                    "cannot read pictures " + archive.name() + ": " + e.getMessage()
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

    private static String plain(String name) {
        return name.startsWith("./") ? name.substring(2) : name;
    }

    /// The number of entries.
    public int size() {
        return names.length;
    }

    @Override
    public byte[] read(String name) {
        var at = find(Names.hash(plain(name)));
        if (at < 0) {
            throw new RecordException(
                    Flaw.PICTURE_MISSING,
                    "there is no picture " + name + " in " + archives.getFirst().name());
        }
        if (sizes[at] == TOO_LARGE) {
            throw PictureStore.tooLarge(name, MOST_BYTES + 1L);
        }
        return archives.get(archiveOf[at]).read(offsets[at], sizes[at]);
    }

    private int find(long name) {
        var at = Arrays.binarySearch(names, name);
        while (at >= 0 && at + 1 < names.length && names[at + 1] == name) {
            at++;
        }
        return at;
    }

    @Override
    public void close() {
        archives.forEach(JoinedFiles::close);
    }
}
