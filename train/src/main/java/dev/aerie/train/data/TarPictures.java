package dev.aerie.train.data;

import dev.aerie.train.data.TarArchives.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Pictures in tar files by the names of their entries. 28 bytes an entry are kept. Of two entries with one name the
/// later counts, as for `tar`.
public final class TarPictures implements PictureStore {

    private record Entry(long name, Place place) {}

    private final TarArchives archives;
    private final long[] names;
    private final long[] offsets;
    private final long[] sizes;
    private final int[] archiveOf;

    private TarPictures(TarArchives archives, List<Entry> entries) {
        this.archives = archives;
        var count = entries.size();
        names = new long[count];
        offsets = new long[count];
        sizes = new long[count];
        archiveOf = new int[count];
        for (var i = 0; i < count; i++) {
            var entry = entries.get(i);
            names[i] = entry.name;
            offsets[i] = entry.place.offset();
            sizes[i] = entry.place.size();
            archiveOf[i] = entry.place.archive();
        }
    }

    /// Opens an archive, several (`*` or `?` in the name), or the first part of one that was split.
    public static TarPictures open(Path path) {
        var entries = new ArrayList<Entry>();
        var archives = TarArchives.open(path, (name, place) -> entries.add(new Entry(Names.hash(name), place)));
        // Sorting is stable: the last of equal names stays last.
        entries.sort(Comparator.comparingLong(Entry::name));
        return new TarPictures(archives, entries);
    }

    /// The number of entries.
    public int size() {
        return names.length;
    }

    @Override
    public byte[] read(String name) {
        var at = find(Names.hash(TarArchives.plain(name)));
        if (at < 0) {
            throw new RecordException(Flaw.PICTURE_MISSING, "there is no picture " + name + " in " + archives.name());
        }
        if (sizes[at] > MOST_BYTES) {
            throw PictureStore.tooLarge(name, sizes[at]);
        }
        return archives.read(new Place(archiveOf[at], offsets[at], sizes[at]));
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
        archives.close();
    }
}
