package dev.aerie.eagle;

import dev.aerie.AerieException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The platform thread that a model computes on. libtorch keeps modes and worker teams per thread, so callers, who may
/// be virtual threads, hand their work over and wait.
final class ComputeThread implements AutoCloseable {

    private final ExecutorService executor = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("aerie-compute").factory());

    /// Runs the work and returns its result; errors come back as they were thrown. An interrupted caller waits on: work
    /// is ended by its listener, between tokens.
    <T> T call(Callable<T> work) {
        var future = executor.submit(work);
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

    @Override
    public void close() {
        executor.close();
    }
}
