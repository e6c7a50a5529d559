package dev.aerie.eagle;

import dev.aerie.AerieException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// The platform thread that a model computes on. libtorch keeps modes and worker teams per thread, so callers, who may
/// be virtual threads, hand their work over and wait.
final class ComputeThread implements AutoCloseable {

    private final ExecutorService executor = Executors.newSingleThreadExecutor(this::named);
    private volatile @Nullable Thread thread;

    private Thread named(Runnable work) {
        var made = Thread.ofPlatform().daemon().name("aerie-compute").unstarted(work);
        thread = made;
        return made;
    }

    /// Runs the work and returns its result; errors come back as they were thrown. An interrupted caller waits on: work
    /// is ended by its listener, between tokens.
    ///
    /// @throws AerieException on this very thread, which would wait for itself, and after [#close]
    <T> T call(Callable<T> work) {
        requireAnother();
        var future = submitted(work);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException error
                    ? error
                    : new AerieException("the computation failed: " + e.getCause(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T> Future<T> submitted(Callable<T> work) {
        try {
            return executor.submit(work);
        } catch (RejectedExecutionException e) {
            throw new AerieException("cannot compute: the model is closed; open it again", e);
        }
    }

    private void requireAnother() {
        if (Thread.currentThread() == thread) {
            throw new AerieException("cannot ask or close the model from a listener of an answer: its thread would"
                    + " wait for itself; return false to end the answer, and go on when it is there");
        }
    }

    @Override
    public void close() {
        requireAnother();
        executor.close();
    }
}
