package dev.aerie.train.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Rows that are only cheap to read together with their neighbours: the blocks last used are kept, of all files
/// together.
///
/// @param <F> a file
final class Blocks<F, T> {

    private final int rows;
    private final Reader<F, T> reader;
    private final Map<Place<F>, List<T>> kept;

    private record Place<F>(F file, long first) {}

    /// Reads a block.
    interface Reader<F, T> {
        /// @param first row of the block; the last of a file may be shorter
        List<T> read(F file, long first);
    }

    /// @param rows of a block
    /// @param most blocks kept
    Blocks(int rows, int most, Reader<F, T> reader) {
        this.rows = rows;
        this.reader = reader;
        kept = new LinkedHashMap<>(2 * most, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Place<F>, List<T>> eldest) {
                return size() > most;
            }
        };
    }

    synchronized T get(F file, long row) {
        int within = (int) (row % rows);
        var place = new Place<>(file, row - within);
        var block = kept.get(place);
        if (block == null) {
            block = reader.read(file, place.first());
            kept.put(place, block);
        }
        return block.get(within);
    }
}
