package dev.aerie.evaluate.report;

import dev.aerie.AerieException;
import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.run.EvalFolder;
import dev.aerie.files.AtomicFile;
import dev.aerie.train.report.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A run's results: `results.json`, and a page with figures beside the published ones, calibration and samples to look
/// through. The page needs nothing but a browser.
public final class EvalReport {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private EvalReport() {}

    /// Sums up what is done and writes both files.
    ///
    /// @throws AerieException if nothing is done
    public static List<Result> write(EvalFolder folder) {
        var settings = folder.settings();
        var results = new ArrayList<Result>();
        var gallery = new Gallery();
        for (var benchmark : folder.benchmarks()) {
            var lines = folder.scored(benchmark);
            results.add(Result.of(benchmark, lines, settings.strict()));
            gallery.add(benchmark, lines, folder.pictures(benchmark));
        }
        if (results.isEmpty()) {
            throw new AerieException("cannot report on " + folder.root() + ": no benchmark is done there");
        }
        AtomicFile.write(folder.results(), MAPPER.writeValueAsString(results) + "\n");
        AtomicFile.write(folder.report(), page(folder, results, gallery));
        return results;
    }

    private static String page(EvalFolder folder, List<Result> results, Gallery gallery) {
        var body = new StringBuilder(
                Html.section("Results", table(results, folder.settings().cuts())));
        body.append(Html.section("What may differ from published numbers", caveats(folder.benchmarks())));
        body.append(Html.section("Parts", parts(results)));
        body.append(Html.section("Confidence and accuracy", calibration(results)));
        body.append(Html.section("Samples", gallery.html()));
        body.append(Html.section("Settings", settings(folder)));
        var name = String.valueOf(folder.root().toAbsolutePath().normalize().getFileName());
        return Html.page(name, true, "<section>\n" + body + "</section>\n");
    }

    /// A row a benchmark, a column a published model.
    private static String table(List<Result> results, List<String> cuts) {
        var published = cuts.isEmpty()
                ? Published.with(results.stream().map(Result::benchmark).toList())
                : List.<Published>of();
        var table = new StringBuilder("<div class=\"wide\"><table>\n<tr><th></th>");
        heading(table, "here");
        heading(table, "95 % interval");
        heading(table, "asked");
        heading(table, "skipped");
        heading(table, "failed");
        published.forEach(row -> heading(table, row.model() + " (" + row.source() + ")"));
        table.append("</tr>\n");
        for (var result : results) {
            var cells = new ArrayList<String>();
            cells.add(number(result.headline().value()));
            cells.add(result.headline().interval());
            cells.add(count(result.asked()));
            cells.add(count(result.skipped()));
            cells.add(count(result.failed()));
            published.forEach(row -> cells.add(
                    row.value(result.benchmark()).map(EvalReport::number).orElse("–")));
            table.append(Html.row(result.title() + ", " + result.headline().name(), cells.toArray(String[]::new)));
        }
        return table.append("</table></div>\n<p class=\"note\">")
                .append(Html.text(
                        cuts.isEmpty()
                                ? ""
                                : "No published numbers stand beside these: " + String.join(", ", cuts) + ". "))
                .append(Html.text(Published.sources(published)))
                .append("Intervals: pictures drawn with replacement.</p>\n")
                .toString();
    }

    private static void heading(StringBuilder table, String text) {
        table.append("<th scope=\"col\">").append(Html.text(text)).append("</th>");
    }

    private static String caveats(List<Benchmark> benchmarks) {
        var items = benchmarks.stream()
                .flatMap(benchmark -> benchmark.card().caveats().stream()
                        .map(caveat -> "<li>" + Html.text(benchmark.card().title() + ": " + caveat) + "</li>\n"))
                .collect(Collectors.joining());
        return items.isEmpty() ? "" : "<ul>\n" + items + "</ul>\n";
    }

    private static String parts(List<Result> results) {
        var html = new StringBuilder();
        for (var result : results) {
            if (result.figures().size() > 1) {
                html.append("<details><summary>")
                        .append(Html.text(result.title()))
                        .append("</summary><table>\n");
                result.figures()
                        .forEach(each -> html.append(Html.row(each.name(), number(each.value()), each.interval())));
                html.append("</table></details>\n");
            }
        }
        return html.toString();
    }

    private static String calibration(List<Result> results) {
        var html = new StringBuilder(
                "<p class=\"note\">Confidence is the model's probability of its whole answer; the error"
                        + " is the mean distance of confidence and accuracy.</p>\n<div class=\"charts\">\n");
        results.forEach(result -> html.append(new Reliability(result).html()));
        return html.append("</div>\n").toString();
    }

    private static String settings(EvalFolder folder) {
        return "<pre>" + Html.text(MAPPER.writeValueAsString(folder.settings())) + "</pre>\n";
    }

    /// One place behind the point; none for points of hundreds.
    public static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 200 ? "%.0f" : "%.1f", value);
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
