package dev.aerie.train.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/// Rows that are only cheap to read together with their neighbours: the blocks last used are kept.
final class Blocks<T> {

    private final int rows;
    private final LongFunction<List<T>> reader;
    private final Map<Long, List<T>> kept;

    /// @param rows   of a block
    /// @param most   blocks kept
    /// @param reader gives a block, given its number; the last may be shorter
    Blocks(int rows, int most, LongFunction<List<T>> reader) {
        this.rows = rows;
        this.reader = reader;
        kept = new LinkedHashMap<>(2 * most, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, List<T>> eldest) {
                return size() > most;
            }
        };
    }

    synchronized T get(long row) {
        var number = row / rows;
        var block = kept.get(number);
        if (block == null) {
            block = reader.apply(number);
            kept.put(number, block);
        }
        return block.get((int) (row % rows));
    }
}
