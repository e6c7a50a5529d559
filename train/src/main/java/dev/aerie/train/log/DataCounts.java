package dev.aerie.train.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a run learned from.
///
/// @param records  of the training set, flawed ones included
/// @param pictures records with a picture
/// @param sources  records by source
/// @param skipped  records left out so far, by flaw
/// @param origins  what decides which records of each source come how, see
///                 [dev.aerie.train.data.Examples#origins]; empty where it is not known
public record DataCounts(
        long records,
        long pictures,
        Map<String, Long> sources,
        Map<String, Long> skipped,
        List<Map<String, String>> origins) {

    /// @param origins absent in older files
    public DataCounts(
            long records,
            long pictures,
            Map<String, Long> sources,
            Map<String, Long> skipped,
            @Nullable List<Map<String, String>> origins) {
        this.records = records;
        this.pictures = pictures;
        this.sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
        this.skipped = Collections.unmodifiableMap(new LinkedHashMap<>(skipped));
        this.origins = origins == null ? List.of() : List.copyOf(origins);
    }

    /// The same with other records left out.
    public DataCounts withSkipped(Map<String, Long> other) {
        return new DataCounts(records, pictures, sources, other, origins);
    }
}
