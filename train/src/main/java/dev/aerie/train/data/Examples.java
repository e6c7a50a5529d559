package dev.aerie.train.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Samples by number, made when asked for. Safe for use by several threads.
public interface Examples extends AutoCloseable {

    long size();

    /// A length to group samples by: words, positive with a picture and negative without, never 0.
    int length(long index);

    /// Makes a sample.
    ///
    /// @throws RecordException if its record is flawed
    Sample get(long index);

    /// What reports call a sample; must not fail where [#get] does.
    default String id(long index) {
        return "#" + index;
    }

    /// What kinds of questions the independent turns of a sample ask, first to last, where scores tell kinds apart; an
    /// empty kind is not scored. None where they do not.
    default List<String> kinds(long index) {
        return List.of();
    }

    /// What a sample's first question says, for reports; empty where only its ids tell.
    default Optional<String> question(long index) {
        return Optional.empty();
    }

    /// How many have a picture; looks at each.
    default long pictures() {
        long pictures = 0;
        for (long i = 0; i < size(); i++) {
            pictures += length(i) > 0 ? 1 : 0;
        }
        return pictures;
    }

    /// How many come from which source, where sources have names.
    default Map<String, Long> sources() {
        return Map.of();
    }

    /// What decides which records of each source come how, by words for users; for sources that read
    /// files. The place of pictures is among it as [Mixture.Source#PICTURES], and may be another if
    /// they were moved.
    default List<Map<String, String>> origins() {
        return List.of();
    }

    /// Closes the files behind them, if there are any.
    @Override
    default void close() {}
}
