package dev.aerie.parity;

import java.util.List;

/// What came out of one golden case: each compared field with its largest difference. A case without a compared field
/// proves nothing and fails.
public record Outcome(String kind, String name, List<Measure> measures) {

    public Outcome {
        measures = List.copyOf(measures);
    }

    public boolean passed() {
        return !measures.isEmpty() && measures.stream().allMatch(Measure::passed);
    }

    /// The outcome of a case that ended in an error.
    public static Outcome error(String kind, String name, Throwable error) {
        return new Outcome(kind, name, List.of(Measure.failed("error", String.valueOf(error.getMessage()))));
    }
}
