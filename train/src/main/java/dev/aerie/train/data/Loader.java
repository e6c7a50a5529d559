package dev.aerie.train.data;

import dev.aerie.AerieException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/// Hands out micro-batches of samples in a given order and makes the next ones meanwhile. A flawed record makes its
/// batch smaller, so that a position always stands for the same samples; it is counted, and nothing takes its place.
///
/// For one thread, which calls [#next] and [#close]; samples are made on virtual threads, as many at
/// once as there are cores, and as a [DecodeBudget] has room for their pictures.
public final class Loader implements AutoCloseable {

    /// A record that training did without.
    ///
    /// @param index  among the examples
    /// @param reason the whole error line
    public record Skipped(long index, String id, Flaw flaw, String reason) {}

    /// What became of one record.
    private sealed interface Made {
        record Whole(Sample sample) implements Made {}

        record Flawed(Skipped skipped) implements Made {}
    }

    private final Examples examples;
    private final int[] order;
    private final int batch;
    private final int ahead;
    private final Semaphore working = new Semaphore(Runtime.getRuntime().availableProcessors());
    private final Deque<FutureTask<Made>> tasks = new ArrayDeque<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private final Map<Flaw, Long> flaws = new EnumMap<>(Flaw.class);
    private int position;
    private int started;
    private volatile boolean closed;

    /// A loader with two batches under way, and at least eight samples.
    ///
    /// @param order indices of examples, in the order in which they are taken; not copied
    /// @param start position in the order where to begin
    /// @param batch samples of a micro-batch
    public Loader(Examples examples, int[] order, int start, int batch) {
        this(examples, order, start, batch, ahead(batch));
    }

    /// The most samples that wait to be taken in micro-batches of `batch`.
    public static int ahead(int batch) {
        return Math.max(2 * batch, 8);
    }

    /// @param ahead the most samples that are being made or wait to be taken
    public Loader(Examples examples, int[] order, int start, int batch, int ahead) {
        if (batch < 1 || ahead < batch || start < 0 || start > order.length) {
            throw new AerieException("cannot load batches of " + batch + " from position " + start + " of "
                    + order.length
                    + " with " + ahead + " samples under way: expected a batch of at least 1 and no more under way"
                    + " than fit");
        }
        this.examples = examples;
        this.order = order;
        this.batch = batch;
        this.ahead = ahead;
        position = start;
        started = start;
    }

    /// The next micro-batch, without its flawed samples; empty at the end of the order. The last may be smaller.
    ///
    /// @throws AerieException if a sample could not be made for a reason that is not its record's
    public Optional<List<Sample>> next() {
        if (closed) {
            throw new IllegalStateException("the loader is closed");
        }
        if (position >= order.length) {
            return Optional.empty();
        }
        var samples = new ArrayList<Sample>();
        var end = Math.min(order.length, position + batch);
        while (position < end) {
            fill();
            switch (await(tasks.removeFirst())) {
                case Made.Whole(var sample) -> samples.add(sample);
                case Made.Flawed(var record) -> {
                    skipped.add(record);
                    flaws.merge(record.flaw(), 1L, Long::sum);
                }
            }
            position++;
        }
        fill();
        return Optional.of(samples);
    }

    /// Where the next micro-batch begins in the order.
    public int position() {
        return position;
    }

    /// The records left out of the batches handed out so far.
    public List<Skipped> skipped() {
        return List.copyOf(skipped);
    }

    /// How many they are, by what is wrong with them.
    public Map<Flaw, Long> flaws() {
        return Map.copyOf(flaws);
    }

    private void fill() {
        while (tasks.size() < ahead && started < order.length) {
            long index = order[started++];
            var task = new FutureTask<>(work(index));
            tasks.addLast(task);
            Thread.ofVirtual().name("sample " + index).start(task);
        }
    }

    private Callable<Made> work(long index) {
        return () -> {
            working.acquire();
            try {
                if (closed) {
                    throw new IllegalStateException("the loader was closed");
                }
                return make(index);
            } finally {
                working.release();
            }
        };
    }

    private Made make(long index) {
        try {
            return new Made.Whole(examples.get(index));
        } catch (RecordException e) {
            return new Made.Flawed(new Skipped(index, examples.id(index), e.flaw(), String.valueOf(e.getMessage())));
        }
    }

    private static Made await(FutureTask<Made> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw failed("loading a sample", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AerieException("loading samples was interrupted", e);
        }
    }

    /// What a task ended with: an error of ours says all that there is to say.
    static AerieException failed(String what, ExecutionException e) {
        return e.getCause() instanceof AerieException own
                ? new AerieException(String.valueOf(own.getMessage()), e)
                : new AerieException(what + " failed: " + e.getCause(), e);
    }

    /// Waits for the samples being made and lets go of all others. The examples stay open.
    @Override
    public void close() {
        closed = true;
        for (var task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                // Nobody will take this sample.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        tasks.clear();
    }
}
