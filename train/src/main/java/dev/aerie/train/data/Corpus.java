package dev.aerie.train.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The records of a mixture's sources one behind the other, as many of each as it says.
public final class Corpus implements Records {

    /// A source's records from `begin` on; `chosen` are their numbers, empty where all are taken as they stand.
    private record Part(
            Mixture.Source source,
            Records records,
            PictureStore pictures,
            Optional<int[]> chosen,
            long begin,
            long size) {

        Part {
            if (chosen.isPresent() && chosen.get().length != size) {
                throw new IllegalArgumentException("a part of " + size + " records with other numbers");
            }
        }

        long number(long index) {
            return chosen.map(numbers -> (long) numbers[Math.toIntExact(index - begin)])
                    .orElse(index - begin);
        }
    }

    private final List<Part> parts;

    private Corpus(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /// Opens the files of a mixture. Sources that name the same pictures share them.
    public static Corpus open(Mixture mixture) {
        var parts = new ArrayList<Part>();
        var stores = new HashMap<Path, PictureStore>();
        try {
            for (var source : mixture.sources()) {
                var records = Records.open(source.records());
                var begin = parts.isEmpty() ? 0 : parts.getLast().begin + parts.getLast().size;
                try {
                    var chosen = source.chosen(records.size());
                    var size = chosen.map(numbers -> (long) numbers.length).orElse(records.size());
                    parts.add(new Part(source, records, pictures(source, records, stores), chosen, begin, size));
                } catch (RuntimeException e) {
                    records.close();
                    throw e;
                }
            }
            return new Corpus(parts);
        } catch (RuntimeException e) {
            close(parts);
            stores.values().forEach(PictureStore::close);
            throw e;
        }
    }

    private static PictureStore pictures(Mixture.Source source, Records records, Map<Path, PictureStore> stores) {
        var elsewhere = source.pictures().map(path -> stores.computeIfAbsent(path, PictureStore::open));
        return records.pictures(elsewhere, source.prefix());
    }

    public List<Mixture.Source> sources() {
        return parts.stream().map(Part::source).toList();
    }

    /// The number of records of each source, by its name. Sources of one name count together.
    public Map<String, Long> sizes() {
        var sizes = new LinkedHashMap<String, Long>();
        parts.forEach(part -> sizes.merge(part.source.name(), part.size, Long::sum));
        return sizes;
    }

    @Override
    public long size() {
        return parts.isEmpty() ? 0 : parts.getLast().begin + parts.getLast().size;
    }

    /// The record, its picture's name with the source's prefix where the record says it.
    @Override
    public Record get(long index) {
        var part = part(index);
        long number = part.number(index);
        var record = part.records.get(number);
        var prefix = part.source.prefix();
        return prefix.isEmpty() || !part.records.namesPicture(number)
                ? record
                : new Record(record.id(), record.image().map(prefix::concat), record.conversation());
    }

    @Override
    public int length(long index) {
        var part = part(index);
        return part.records.length(part.number(index));
    }

    /// The pictures of the source that a record is from.
    public PictureStore pictures(long index) {
        return part(index).pictures;
    }

    /// Which of [#sources] a record is from.
    public int sourceOf(long index) {
        for (var i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            if (index >= part.begin && index < part.begin + part.size) {
                return i;
            }
        }
        throw new IndexOutOfBoundsException("record " + index + " of " + size());
    }

    /// The number that a record has in its source. Records that are taken several times have one number.
    long numberOf(long index) {
        return part(index).number(index);
    }

    /// The record's id, or `#` and its number where it has none or cannot be read.
    public String id(long index) {
        try {
            var id = get(index).id();
            return id.isEmpty() ? "#" + index : id;
        } catch (RecordException e) {
            return "#" + index;
        }
    }

    private Part part(long index) {
        return parts.get(sourceOf(index));
    }

    @Override
    public void close() {
        close(parts);
    }

    private static void close(List<Part> parts) {
        parts.forEach(part -> {
            part.pictures.close();
            part.records.close();
        });
    }
}
