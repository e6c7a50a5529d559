package dev.aerie.evaluate.data;

import java.util.List;

/// The records of a benchmark, in an order in which those about one picture stand together where the data allows it.
/// Used by one thread at a time.
public interface Records extends AutoCloseable {

    /// How many there are.
    long size();

    /// Some of them, in order. Going on where the last call ended is cheap.
    ///
    /// @param first place in the order, from 0
    List<Entry> read(long first, int count);

    @Override
    void close();
}
