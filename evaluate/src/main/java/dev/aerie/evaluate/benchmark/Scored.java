package dev.aerie.evaluate.benchmark;

import java.util.LinkedHashSet;
import java.util.List;

/// An answer with its score: a line of a run's log.
///
/// @param place      of the line in its file, from 1
/// @param record     of the data set, from 0
/// @param group      of answers that depend on each other
/// @param category   empty where the benchmark has none
/// @param prompt     as the model got it
/// @param note       where the way to the score is not the plain one
/// @param confidence the model's probability of its answer
/// @param tokens     of the answer
/// @param seconds    its share of its batch
/// @param skipped    why the record was not asked; empty if it was
public record Scored(
        long place,
        long record,
        String id,
        String group,
        String category,
        String prompt,
        String answer,
        List<String> truths,
        String parsed,
        double score,
        String note,
        double confidence,
        int tokens,
        double seconds,
        String skipped) {

    private static final String FAILED = "not answered: ";

    public Scored {
        truths = List.copyOf(truths);
    }

    public boolean asked() {
        return skipped.isEmpty();
    }

    /// The note of a record that could not be answered, which counts as an answer of nothing.
    public static String failed(String why) {
        return FAILED + why;
    }

    public boolean hasFailed() {
        return note.startsWith(FAILED);
    }

    /// The right answers for people to read, each once.
    public String truthText() {
        return String.join(" | ", new LinkedHashSet<>(truths));
    }

    /// The same at another place.
    public Scored at(long other) {
        return new Scored(
                other,
                record,
                id,
                group,
                category,
                prompt,
                answer,
                truths,
                parsed,
                score,
                note,
                confidence,
                tokens,
                seconds,
                skipped);
    }
}
