package dev.aerie.parity;

import java.util.List;
import java.util.function.Supplier;

/// Runs cases so that an error of one is its outcome and the others still run.
final class Outcomes {

    private Outcomes() {}

    static Outcome guarded(String kind, String name, Supplier<List<Measure>> measures) {
        try {
            return new Outcome(kind, name, measures.get());
        } catch (RuntimeException e) {
            return Outcome.error(kind, name, e);
        }
    }
}
