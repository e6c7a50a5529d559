package dev.aerie.train.report;

import static dev.aerie.train.log.TerminalLog.bytes;
import static dev.aerie.train.log.TerminalLog.duration;

import dev.aerie.train.log.DataCounts;
import dev.aerie.train.log.SampleLog;
import dev.aerie.train.log.StepLog;
import dev.aerie.train.log.ValidationLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.JsonNode;

/// One run as a section of the page.
final class RunPage {

    private static final int MOST_SAMPLES = 24;
    private static final int LONGEST_TEXT = 600;

    private final Run run;

    RunPage(Run run) {
        this.run = run;
    }

    String html() {
        return "<section id=\"" + id(run) + "\">\n<h2>" + Html.text(run.name()) + "</h2>\n"
                + tiles()
                + Html.section("Curves", curves())
                + Html.section("Samples", samples())
                + Html.section("Data", run.data().map(RunPage::data).orElse(""))
                + Html.section("Costs", costs())
                + Html.section("Settings", settings())
                + "</section>\n";
    }

    static String id(Run run) {
        return "run-" + run.name().replaceAll("[^A-Za-z0-9]+", "-");
    }

    private String tiles() {
        if (run.steps().isEmpty()) {
            return "<p class=\"note\">No step was logged.</p>\n";
        }
        var last = run.steps().getLast();
        var tiles = new StringBuilder("<dl class=\"tiles\">\n");
        tile(tiles, "steps", String.format(Locale.ROOT, "%,d of %,d", last.step(), last.of()));
        tile(tiles, "loss", Numbers.brief(last.loss()));
        run.validations().stream()
                .min(Comparator.comparingDouble(ValidationLog::loss))
                .ifPresent(best -> tile(
                        tiles,
                        String.format(Locale.ROOT, "best validation loss, step %,d", best.step()),
                        Numbers.brief(best.loss())));
        if (!run.validations().isEmpty()) {
            tile(tiles, "exact match", percent(run.validations().getLast().exactMatch()));
        }
        tile(tiles, "time", duration(seconds()));
        tile(tiles, "tokens", Numbers.brief(last.tokens()));
        tile(tiles, "skipped samples", String.format(Locale.ROOT, "%,d", last.skipped()));
        return tiles.append("</dl>\n").toString();
    }

    private static void tile(StringBuilder tiles, String name, String value) {
        tiles.append("<div><dt>").append(Html.text(name)).append("</dt><dd>");
        tiles.append(Html.text(value)).append("</dd></div>\n");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private double seconds() {
        return run.steps().stream().mapToDouble(StepLog::seconds).sum()
                + run.validations().stream().mapToDouble(ValidationLog::seconds).sum();
    }

    private String curves() {
        var validation = run.validations().stream()
                .map(each -> new Chart.Point(each.step(), each.loss()))
                .toList();
        var match = run.validations().stream()
                .map(each -> new Chart.Point(each.step(), 100 * each.exactMatch()))
                .toList();
        var charts = List.of(
                new Chart("Loss", List.of(curve("training", StepLog::loss), new Chart.Curve("validation", validation))),
                new Chart("Exact match, %", List.of(new Chart.Curve("validation", match))),
                chart("Learning rate", StepLog::rate),
                chart("Gradient norm", StepLog::gradientNorm),
                chart("Tokens per second", StepLog::tokensPerSecond),
                chart("Memory, GB", step -> step.memory() / 1e9));
        var html = new StringBuilder();
        charts.forEach(chart -> html.append(chart.html()));
        return html.isEmpty() ? "" : "<div class=\"charts\">\n" + html + "</div>\n";
    }

    private Chart chart(String title, ToDoubleFunction<StepLog> value) {
        return new Chart(title, List.of(curve(title, value)));
    }

    private Chart.Curve curve(String name, ToDoubleFunction<StepLog> value) {
        return new Chart.Curve(
                name,
                run.steps().stream()
                        .map(step -> new Chart.Point(step.step(), value.applyAsDouble(step)))
                        .toList());
    }

    /// The samples of the last time there were any.
    private String samples() {
        if (run.samples().isEmpty()) {
            return "";
        }
        long step = run.samples().getLast().step();
        var shown =
                run.samples().stream().filter(sample -> sample.step() == step).toList();
        long right = shown.stream().filter(RunPage::isRight).count();
        var pictures = new SamplePictures(run.folder().root());
        var html = new StringBuilder(String.format(
                Locale.ROOT,
                "<p class=\"note\">After step %,d: %,d of %,d right.%s</p>\n<div class=\"samples\">\n",
                step,
                right,
                shown.size(),
                shown.size() > MOST_SAMPLES ? " The first " + MOST_SAMPLES + " are shown." : ""));
        shown.stream().limit(MOST_SAMPLES).forEach(sample -> html.append(sample(sample, pictures)));
        return html.append("</div>\n").toString();
    }

    private static boolean isRight(SampleLog sample) {
        return sample.answer().strip().equals(sample.truth().strip());
    }

    private static String sample(SampleLog sample, SamplePictures pictures) {
        var picture = sample.picture()
                .flatMap(pictures::uri)
                .map(uri -> "<img src=\"" + uri + "\" alt=\"picture of sample " + Html.text(sample.id()) + "\">")
                .orElse("");
        var answer = isRight(sample)
                ? "<dt>answer</dt><dd class=\"right\">✓ " + shortened(sample.answer()) + "</dd>"
                : "<dt>answer</dt><dd class=\"wrong\">✗ " + shortened(sample.answer()) + "</dd><dt>truth</dt><dd>"
                        + shortened(sample.truth()) + "</dd>";
        return "<article>" + picture + "<dl><dt>question</dt><dd>" + shortened(sample.question()) + "</dd>" + answer
                + "</dl></article>\n";
    }

    private static String shortened(String text) {
        return Html.text(text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…");
    }

    private static String data(DataCounts data) {
        var table = new StringBuilder("<table>\n");
        table.append(Html.row("records", String.format(Locale.ROOT, "%,d", data.records())));
        table.append(Html.row("with a picture", String.format(Locale.ROOT, "%,d", data.pictures())));
        data.sources()
                .forEach((source, count) ->
                        table.append(Html.row("from " + source, String.format(Locale.ROOT, "%,d", count))));
        data.skipped()
                .forEach((flaw, count) ->
                        table.append(Html.row("skipped: " + flaw, String.format(Locale.ROOT, "%,d", count))));
        if (data.skipped().isEmpty()) {
            table.append(Html.row("skipped", "none"));
        }
        return table.append("</table>\n").toString();
    }

    private String costs() {
        var table = new StringBuilder(
                "<table>\n<tr><th></th><th scope=\"col\">planned</th>" + "<th scope=\"col\">measured</th></tr>\n");
        if (!run.steps().isEmpty()) {
            double step = median(
                    run.steps().stream().mapToDouble(StepLog::seconds).sorted().toArray());
            table.append(Html.row("one step (median)", "", duration(step)));
            table.append(Html.row("the run", "", duration(seconds())));
            table.append(Html.row(
                    "memory at most",
                    planned("needed"),
                    bytes(run.steps().stream().mapToLong(StepLog::memory).max().orElse(0))));
        }
        table.append(Html.row(
                "checkpoints and export",
                planned("disk_bytes"),
                bytes(size(run.folder().checkpoints()) + size(run.folder().export()))));
        return table.append("</table>\n").toString();
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    private String planned(String key) {
        return run.plan()
                .map(plan -> plan.path(key))
                .filter(JsonNode::isNumber)
                .map(JsonNode::doubleValue)
                .map(value -> bytes(value))
                .orElse("–");
    }

    private static long size(Path folder) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (var paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .mapToLong(RunPage::fileSize)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    /// A checkpoint may be removed while the page is made.
    private static long fileSize(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private String settings() {
        return run.recipe()
                .map(yaml -> "<details><summary>recipe.yaml</summary><pre>" + Html.text(yaml) + "</pre></details>\n")
                .orElse("");
    }
}
