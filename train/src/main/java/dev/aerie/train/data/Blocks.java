package dev.aerie.train.data;

import dev.aerie.AerieException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Rows that are only cheap to read together with their neighbours: the blocks last used are kept, of all files
/// together. A file is read by one thread at a time, other files meanwhile by others.
///
/// @param <F> a file
final class Blocks<F, T> {

    private final int rows;
    private final Reader<F, T> reader;
    private final Map<Place<F>, FutureTask<List<T>>> kept;

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
            protected boolean removeEldestEntry(Map.Entry<Place<F>, FutureTask<List<T>>> eldest) {
                return size() > most;
            }
        };
    }

    T get(F file, long row) {
        int within = (int) (row % rows);
        var place = new Place<>(file, row - within);
        var task = task(place);
        task.run(); // nothing if another thread does or did
        try {
            return task.get().get(within);
        } catch (ExecutionException e) {
            synchronized (kept) {
                kept.remove(place, task); // the next may be luckier
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AerieException("reading a block of rows failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AerieException("reading a block of rows was interrupted", e);
        }
    }

    private FutureTask<List<T>> task(Place<F> place) {
        synchronized (kept) {
            return kept.computeIfAbsent(
                    place,
                    _ -> new FutureTask<>(() -> {
                        synchronized (place.file) {
                            return reader.read(place.file, place.first);
                        }
                    }));
        }
    }
}
