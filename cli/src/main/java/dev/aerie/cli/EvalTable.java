package dev.aerie.cli;

import dev.aerie.evaluate.report.EvalReport;
import dev.aerie.evaluate.report.Published;
import dev.aerie.evaluate.report.Result;
import dev.aerie.evaluate.run.Settings;
import java.io.PrintWriter;
import java.util.List;

/// Results as a table in plain text, beside those published for one model.
final class EvalTable {

    private static final String MODEL = "Eagle-X5-7B";

    private EvalTable() {}

    static void print(List<Result> results, Settings settings, PrintWriter out) {
        var cuts = settings.cuts();
        if (!cuts.isEmpty()) {
            out.println(Plain.text("no published numbers stand beside these: " + String.join(", ", cuts)));
        }
        var published = Published.with(results.stream().map(Result::benchmark).toList()).stream()
                .filter(row -> row.model().equals(MODEL) && cuts.isEmpty())
                .findFirst();
        out.printf(
                "%-48s %7s  %-17s %8s %8s %8s  %s%n",
                "", "score", "95 % interval", "asked", "skipped", "failed", cuts.isEmpty() ? MODEL : "");
        for (var result : results) {
            var best = result.headline();
            out.printf(
                    "%-48s %7s  %-17s %8s %8s %8s  %s%n",
                    result.title() + ", " + best.name(),
                    EvalReport.number(best.value()),
                    best.interval(),
                    Plain.count(result.asked()),
                    Plain.count(result.skipped()),
                    Plain.count(result.failed()),
                    published
                            .flatMap(row -> row.value(result.benchmark()))
                            .map(EvalReport::number)
                            .orElse(cuts.isEmpty() ? "–" : ""));
        }
    }
}
