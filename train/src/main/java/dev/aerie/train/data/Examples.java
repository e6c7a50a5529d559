package dev.aerie.train.data;

/// Samples by number, made when asked for. Safe for use by several threads.
public interface Examples {

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
}
