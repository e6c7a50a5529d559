package dev.aerie.bench;

import dev.aerie.tensor.TensorScope;

/// Times a piece of work. Tensors that the work makes are freed after each run.
public final class Stopwatch {

    private Stopwatch() {}

    /// Seconds of the fastest of `runs` runs, after one run that does not count.
    static double best(int runs, Runnable work) {
        fastest(1, work);
        return fastest(runs, work);
    }

    /// Seconds of the fastest of `runs` runs of work that has been done before.
    public static double fastest(int runs, Runnable work) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            try (var _ = TensorScope.open()) {
                work.run();
            }
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        return best;
    }
}
