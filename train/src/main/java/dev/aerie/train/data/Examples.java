package dev.aerie.train.data;

import java.util.List;

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

    /// Closes the files behind them, if there are any.
    @Override
    default void close() {}
}
