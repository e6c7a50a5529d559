package dev.aerie.nn;

import dev.aerie.kernel.Workers;
import dev.aerie.tensor.Torch;

/// The threads that our own kernels share, as many as libtorch uses when the first kernel runs.
public final class Team {

    private static final Workers WORKERS = Workers.of(Torch.threads());

    private Team() {}

    public static Workers workers() {
        return WORKERS;
    }
}
