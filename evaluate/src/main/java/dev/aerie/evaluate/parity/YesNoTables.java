package dev.aerie.evaluate.parity;

import static dev.aerie.evaluate.parity.MetricsKind.near;
import static dev.aerie.evaluate.parity.MetricsKind.text;

import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Benchmarks;
import dev.aerie.evaluate.benchmark.Fields;
import dev.aerie.evaluate.benchmark.Figure;
import dev.aerie.evaluate.benchmark.Scored;
import dev.aerie.evaluate.benchmark.Scoring;
import dev.aerie.parity.Measure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The tables that have aggregates: MME's and POPE's samples, judged and summed up by their benchmarks.
final class YesNoTables {

    private YesNoTables() {}

    static List<Measure> mme(JsonNode table) {
        var measures = new ArrayList<Measure>();
        var figures = figures(Benchmarks.named("mme"), table, measures);
        measures.add(figure("perception", table, "perception", 1, figures));
        measures.add(figure("cognition", table, "cognition", 1, figures));
        return measures;
    }

    static List<Measure> pope(JsonNode table) {
        var measures = new ArrayList<Measure>();
        var figures = figures(Benchmarks.named("pope"), table, measures);
        for (var field : List.of("accuracy", "precision", "recall")) {
            measures.add(figure(field, table, field, 100, figures));
        }
        measures.add(figure("F1", table, "f1", 100, figures));
        measures.add(figure("share of yes", table, "yes_ratio_reference", 100, figures));
        return measures;
    }

    private static Measure figure(
            String name, JsonNode table, String field, double scale, Map<String, Double> figures) {
        return near(field, scale * table.path(field).asDouble(), figures.getOrDefault(name, Double.NaN));
    }

    /// Judges all samples, adds what differs, or one measure if nothing does, and sums up.
    private static Map<String, Double> figures(Benchmark benchmark, JsonNode table, List<Measure> measures) {
        var groups = new LinkedHashMap<String, List<Scored>>();
        int number = 0;
        for (var sample : table.path("samples")) {
            var record = new Fields("sample " + number, ((ObjectNode) sample).deepCopy());
            record.json().put("question", "");
            var judgement = benchmark.judge(record, text(sample, "prediction"), Scoring.REFERENCE);
            var expected = sample.path("score").asDouble();
            boolean parsed = sample.path("parsed").isMissingNode()
                    || text(sample, "parsed").equals(judgement.parsed());
            if (expected != judgement.score() || !parsed) {
                measures.add(Measure.failed("samples", "row " + number + " " + sample + ": got " + judgement));
            }
            var scored = new Scored(
                    number,
                    number,
                    "",
                    "",
                    benchmark.category(record),
                    "",
                    "",
                    benchmark.truths(record),
                    judgement.parsed(),
                    judgement.score(),
                    "",
                    0,
                    0,
                    0,
                    "");
            groups.computeIfAbsent(benchmark.group(record).orElse("" + number), _ -> new ArrayList<>())
                    .add(scored);
            number++;
        }
        if (measures.isEmpty() && number > 0) {
            measures.add(Measure.of("samples", 0, 0));
        }
        return benchmark.figures(List.copyOf(groups.values()), Scoring.REFERENCE).stream()
                .collect(Collectors.toMap(Figure::name, Figure::value));
    }
}
