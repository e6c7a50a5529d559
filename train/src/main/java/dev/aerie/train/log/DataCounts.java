package dev.aerie.train.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a run learned from.
///
/// @param records  of the training set, flawed ones included
/// @param pictures records with a picture
/// @param sources  records by source
/// @param skipped  records left out so far, by flaw
public record DataCounts(long records, long pictures, Map<String, Long> sources, Map<String, Long> skipped) {

    public DataCounts {
        sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
        skipped = Collections.unmodifiableMap(new LinkedHashMap<>(skipped));
    }
}
