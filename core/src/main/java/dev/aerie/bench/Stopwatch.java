package dev.aerie.bench;

import dev.aerie.tensor.TensorScope;

/// Times a piece of work.
final class Stopwatch {

    private Stopwatch() {}

    /// Seconds of the fastest of `runs` runs, after one run that does not count. Tensors that the
    /// work makes are freed after each run.
    static double best(int runs, Runnable work) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = -1; i < runs; i++) {
            long start = System.nanoTime();
            try (var _ = TensorScope.open()) {
                work.run();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            if (i >= 0) {
                best = Math.min(best, seconds);
            }
        }
        return best;
    }
}
