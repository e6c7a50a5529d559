package dev.aerie.cli;

import dev.aerie.train.data.DataCheck;
import dev.aerie.train.data.DataReport;
import dev.aerie.train.data.Flaw;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "check",
        description = "Parses every record, opens every picture, applies the templates, and says what is broken."
                + " Exit code 1 if anything is.",
        sortOptions = false)
final class DataCheckCommand implements Callable<Integer> {

    private static final int SHOWN = 3;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(names = "--json", description = "Print one JSON object that lists everything that is broken.")
    private boolean json;

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(spec).commandLine();
        DataReport report;
        try (var corpus = data.open();
                var progress = new ProgressLine(line.getErr())) {
            report = DataCheck.run(corpus, data.maker(), progress);
        }
        if (json) {
            line.getOut().println(json(report));
        } else {
            print(report, line.getOut());
        }
        return report.isClean() ? 0 : Main.FAILURE;
    }

    private static void print(DataReport report, PrintWriter out) {
        line(out, "records", Plain.count(report.records()));
        line(out, "  with a picture", Plain.count(report.pictures()));
        line(out, "  text only", Plain.count(report.texts()));
        if (report.sources().size() > 1
                || report.sources().getFirst().published().isPresent()) {
            report.sources().forEach(source -> line(out, "  of " + source.name(), describe(source)));
        }
        line(out, "words", describe(report.words()));
        if (report.positions().count() > 0) {
            line(out, "positions", describe(report.positions()));
            line(out, "cut at their end", Plain.count(report.cut()));
        }
        if (report.isClean()) {
            line(out, "broken", "nothing");
            return;
        }
        for (var flaw : report.flaws().keySet()) {
            print(flaw, report, out);
        }
        line(out, "skipped in training", Plain.count(report.skipped()));
    }

    private static void print(Flaw flaw, DataReport report, PrintWriter out) {
        line(out, flaw.label(), Plain.count(report.count(flaw)));
        report.findings().stream()
                .filter(finding -> finding.flaw() == flaw)
                .limit(SHOWN)
                .forEach(finding -> out.println("    " + Plain.text(finding.id() + ": " + finding.message())));
        if (report.count(flaw) > SHOWN) {
            out.println("    … (--json lists all)");
        }
    }

    private static String describe(DataReport.SourceCount source) {
        var published = source.published().isPresent()
                ? " (" + Plain.count(source.published().getAsLong()) + " published)"
                : "";
        var flawed = source.flawed() > 0 ? ", " + Plain.count(source.flawed()) + " to be skipped" : "";
        return Plain.count(source.records()) + published + flawed;
    }

    private static String describe(DataReport.Lengths lengths) {
        return "median %s, 5%% up to %s, 95%% up to %s, 99%% up to %s, longest %s"
                .formatted(
                        Plain.count(lengths.median()),
                        Plain.count(lengths.shortest5Percent()),
                        Plain.count(lengths.longest5Percent()),
                        Plain.count(lengths.longest1Percent()),
                        Plain.count(lengths.longest()));
    }

    private static void line(PrintWriter out, String label, String value) {
        out.printf("%-26s %s%n", Plain.text(label), Plain.text(value));
    }

    private static String json(DataReport report) {
        var json = new LinkedHashMap<String, Object>();
        json.put("records", report.records());
        json.put("with_picture", report.pictures());
        json.put("text_only", report.texts());
        json.put("words", json(report.words()));
        json.put("positions", json(report.positions()));
        json.put("cut", report.cut());
        json.put("skipped", report.skipped());
        json.put(
                "sources", report.sources().stream().map(DataCheckCommand::json).toList());
        json.put(
                "flaws",
                report.flaws().entrySet().stream()
                        .collect(Collectors.toMap(
                                entry -> entry.getKey().label(), Map.Entry::getValue, Long::sum, LinkedHashMap::new)));
        json.put(
                "findings",
                report.findings().stream()
                        .map(finding -> Map.of(
                                "index", finding.index(),
                                "id", finding.id(),
                                "flaw", finding.flaw().label(),
                                "message", finding.message()))
                        .toList());
        return JsonMapper.shared().writeValueAsString(json);
    }

    private static Map<String, Object> json(DataReport.SourceCount source) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", source.name());
        json.put("records", source.records());
        json.put("flawed", source.flawed());
        source.published().ifPresent(published -> json.put("published", published));
        return json;
    }

    private static Map<String, Object> json(DataReport.Lengths lengths) {
        var json = new LinkedHashMap<String, Object>();
        json.put("count", lengths.count());
        json.put("p5", lengths.shortest5Percent());
        json.put("p50", lengths.median());
        json.put("p95", lengths.longest5Percent());
        json.put("p99", lengths.longest1Percent());
        json.put("longest", lengths.longest());
        return json;
    }
}
