package dev.aerie.cli;

import dev.aerie.evaluate.report.Comparison;
import dev.aerie.evaluate.report.ComparisonPage;
import dev.aerie.evaluate.report.EvalReport;
import dev.aerie.evaluate.run.EvalFolder;
import dev.aerie.files.AtomicFile;
import java.io.PrintWriter;
import java.nio.file.Path;

/// Two runs side by side.
record EvalComparison(Path first, Path second) {

    /// Prints the figures and writes the page with the changed samples.
    void print(Path folder, PrintWriter out) {
        var one = new EvalFolder(first);
        var other = new EvalFolder(second);
        var comparisons = Comparison.of(one, other);
        out.printf(
                "%-48s %7s %7s %7s  %-17s %7s %7s  %s%n",
                "", "first", "second", "change", "95 % interval", "better", "worse", "p");
        for (var each : comparisons) {
            out.printf(
                    "%-48s %7s %7s %7s  %-17s %7s %7s  %s%n",
                    each.title() + ", " + each.figure(),
                    EvalReport.number(each.first()),
                    EvalReport.number(each.second()),
                    ComparisonPage.signed(each.second() - each.first()),
                    ComparisonPage.signed(each.interval().low()) + " to "
                            + ComparisonPage.signed(each.interval().high()),
                    Plain.count(each.better()),
                    Plain.count(each.worse()),
                    ComparisonPage.probability(each.p()));
        }
        var page = folder.resolve("comparison.html");
        AtomicFile.write(page, ComparisonPage.html(one, other, comparisons));
        out.println(Plain.text(page.toString()));
    }
}
