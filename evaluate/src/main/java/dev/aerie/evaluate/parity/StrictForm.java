package dev.aerie.evaluate.parity;

import dev.aerie.evaluate.benchmark.Scoring;
import dev.aerie.parity.GoldenFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A golden table scored in both forms: as the reference does, and without its known faults.
///
/// @param table     its name
/// @param answers   in it
/// @param reference mean score in percent; of `mathvista_normalise` the share that has a form at all
/// @param strict    the same in the strict form
/// @param changed   answers whose scores differ
public record StrictForm(String table, int answers, double reference, double strict, int changed) {

    /// The tables of a case of kind `metrics` whose answers have scores.
    public static List<StrictForm> of(GoldenFile file) {
        var forms = new ArrayList<StrictForm>();
        for (var table : file.json().path("tables").properties()) {
            var rows = table.getValue();
            of(table.getKey(), rows.isArray() ? rows : rows.path("samples")).ifPresent(forms::add);
        }
        return List.copyOf(forms);
    }

    private static Optional<StrictForm> of(String table, JsonNode rows) {
        var strictly = new GoldenScores(Scoring.STRICT).of(table);
        return new GoldenScores(Scoring.REFERENCE).of(table).map(judge -> {
            double reference = 0;
            double strict = 0;
            int changed = 0;
            for (var row : rows) {
                double one = judge.apply(row).score();
                double other = strictly.orElseThrow().apply(row).score();
                reference += one;
                strict += other;
                changed += one == other ? 0 : 1;
            }
            int answers = rows.size();
            double percent = 100.0 / Math.max(1, answers);
            return new StrictForm(table, answers, percent * reference, percent * strict, changed);
        });
    }
}
