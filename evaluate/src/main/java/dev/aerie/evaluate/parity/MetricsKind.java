package dev.aerie.evaluate.parity;

import dev.aerie.evaluate.benchmark.Benchmarks;
import dev.aerie.evaluate.benchmark.Fields;
import dev.aerie.evaluate.benchmark.Judgement;
import dev.aerie.evaluate.benchmark.Scoring;
import dev.aerie.evaluate.score.Anls;
import dev.aerie.evaluate.score.EvalAi;
import dev.aerie.evaluate.score.Letters;
import dev.aerie.evaluate.score.MmmuChoice;
import dev.aerie.evaluate.score.MmmuOpen;
import dev.aerie.evaluate.score.OptionInference;
import dev.aerie.parity.GoldenFile;
import dev.aerie.parity.Kind;
import dev.aerie.parity.Measure;
import dev.aerie.parity.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tables of answers with what the reference's scorers make of them: one outcome a table, which
/// names the first row that differs.
public final class MetricsKind implements Kind {

    /// Scores are sums of a few thirds and tenths.
    private static final double TOLERANCE = 1e-9;

    private static final GoldenScores SCORES = new GoldenScores(Scoring.REFERENCE);

    @Override
    public String name() {
        return "metrics";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var outcomes = new ArrayList<Outcome>();
        for (var table : file.json().path("tables").properties()) {
            outcomes.add(outcome(table.getKey(), table.getValue()));
        }
        return outcomes;
    }

    private Outcome outcome(String table, JsonNode rows) {
        try {
            return new Outcome(name(), table, measures(table, rows));
        } catch (RuntimeException e) {
            return Outcome.error(name(), table, e);
        }
    }

    private static List<Measure> measures(String table, JsonNode rows) {
        return switch (table) {
            case "mme" -> YesNoTables.mme(rows);
            case "pope" -> YesNoTables.pope(rows);
            default -> rows(rows, row(table));
        };
    }

    /// How a row of a table is run: the measures of its fields.
    private static Function<JsonNode, List<Measure>> row(String table) {
        return switch (table) {
            case "evalai_normalise" -> row -> exact(row, "normalised", new EvalAi(false).normalise(text(row, "text")));
            case "anls" -> MetricsKind::anls;
            case "mmbench_infer" -> MetricsKind::mmbench;
            case "mathvista_normalise" -> MetricsKind::mathvista;
            case "mmmu_multi_choice" -> MetricsKind::mmmuChoice;
            case "mmmu_open" -> MetricsKind::mmmuOpen;
            case "benchmark_prompts" -> MetricsKind::prompt;
            default ->
                SCORES.of(table)
                        .<Function<JsonNode, List<Measure>>>map(judge -> row -> judged(row, judge.apply(row)))
                        .orElse(_ -> List.of(Measure.failed(table, "no scorer is known for this table")));
        };
    }

    /// The first failure, or the largest difference of each field.
    private static List<Measure> rows(JsonNode rows, Function<JsonNode, List<Measure>> run) {
        var largest = new LinkedHashMap<String, Measure>();
        int number = 0;
        for (var row : rows) {
            for (var measure : run.apply(row)) {
                if (!measure.passed()) {
                    return List.of(
                            Measure.failed(measure.field(), "row " + number + " " + row + ": " + measure.detail()));
                }
                largest.merge(
                        measure.field(), measure, (one, other) -> one.difference() >= other.difference() ? one : other);
            }
            number++;
        }
        return List.copyOf(largest.values());
    }

    /// The score, and what was read in the answer where the table says it.
    private static List<Measure> judged(JsonNode row, Judgement judgement) {
        var measures = new ArrayList<Measure>();
        if (row.has("parsed")) {
            measures.add(Measure.exact("parsed", text(row, "parsed"), judgement.parsed()));
        }
        measures.add(near("score", row.path("score").asDouble(), judgement.score()));
        return measures;
    }

    private static List<Measure> anls(JsonNode row) {
        var truths = texts(row, "answers");
        var measures = new ArrayList<Measure>();
        for (int i = 0; i < truths.size(); i++) {
            double similarity = Anls.similarity(truths.get(i), prediction(row));
            measures.add(near("each", row.path("each").path(i).asDouble(), similarity));
        }
        measures.add(near("official", row.path("official").asDouble(), Anls.official(truths, prediction(row))));
        measures.add(near("fork", row.path("fork").asDouble(), Anls.fork(truths, prediction(row))));
        return measures;
    }

    private static List<Measure> mmbench(JsonNode row) {
        var options = new LinkedHashMap<String, String>();
        var texts = texts(row, "options");
        for (int i = 0; i < texts.size(); i++) {
            options.put(Letters.of(i), texts.get(i));
        }
        return List.of(
                Measure.exact("inferred", ifAny(row, "inferred"), OptionInference.infer(prediction(row), options)));
    }

    private static List<Measure> mathvista(JsonNode row) {
        return List.of(Measure.exact(
                "normalised", ifAny(row, "normalised"), SCORES.mathvista(row).normalise(text(row, "extraction"))));
    }

    /// Where the reference draws, the letter is free, but must be an option, and drawn again the same.
    private static List<Measure> mmmuChoice(JsonNode row) {
        var options = texts(row, "options");
        var choice = MmmuChoice.parse(prediction(row), options);
        var parsed = ifAny(row, "parsed");
        if (parsed.isPresent()) {
            return List.of(Measure.exact("parsed", new MmmuChoice(parsed.get(), false), choice));
        }
        int option = choice.letter().charAt(0) - 'A';
        return List.of(
                Measure.exact("drawn", true, choice.drawn() && option >= 0 && option < options.size()),
                Measure.exact("drawn again", choice, MmmuChoice.parse(prediction(row), options)));
    }

    private static List<Measure> mmmuOpen(JsonNode row) {
        var parsed = MmmuOpen.parse(prediction(row));
        Set<String> texts = new TreeSet<>();
        parsed.forEach(value -> texts.add(value.text()));
        return List.of(
                Measure.exact("parsed", new TreeSet<>(texts(row, "parsed")), texts),
                Measure.exact(
                        "correct", row.path("correct").asBoolean(), MmmuOpen.isRight(texts(row, "answer"), parsed)));
    }

    private static List<Measure> prompt(JsonNode row) {
        var record = new Fields("the row", (ObjectNode) row.path("record"));
        return exact(row, "prompt", Benchmarks.named(text(row, "benchmark")).prompt(record));
    }

    private static List<Measure> exact(JsonNode row, String field, String actual) {
        return List.of(Measure.exact(field, text(row, field), actual));
    }

    static Measure near(String field, double expected, double actual) {
        double difference = Math.abs(expected - actual);
        return difference <= TOLERANCE
                ? Measure.of(field, difference, TOLERANCE)
                : Measure.failed(field, "expected " + expected + ", got " + actual);
    }

    static String prediction(JsonNode row) {
        return text(row, "prediction");
    }

    static String text(JsonNode row, String field) {
        return row.path(field).asString();
    }

    private static Optional<String> ifAny(JsonNode row, String field) {
        return row.path(field).isNull() ? Optional.empty() : Optional.of(text(row, field));
    }

    static List<String> texts(JsonNode row, String field) {
        var value = row.path(field);
        return value.isArray() ? value.valueStream().map(JsonNode::asString).toList() : List.of(value.asString());
    }
}
