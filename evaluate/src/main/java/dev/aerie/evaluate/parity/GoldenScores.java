package dev.aerie.evaluate.parity;

import static dev.aerie.evaluate.parity.MetricsKind.prediction;
import static dev.aerie.evaluate.parity.MetricsKind.text;
import static dev.aerie.evaluate.parity.MetricsKind.texts;

import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Benchmarks;
import dev.aerie.evaluate.benchmark.Fields;
import dev.aerie.evaluate.benchmark.Judgement;
import dev.aerie.evaluate.benchmark.Scoring;
import dev.aerie.evaluate.score.MathVistaAnswer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an answer of a golden table is worth: its benchmark judges it, as in a run.
record GoldenScores(Scoring how) {

    /// The judge of a table's rows; empty where an answer alone has no score.
    Optional<Function<JsonNode, Judgement>> of(String table) {
        if (table.equals("mathvista_normalise")) {
            return Optional.of(row -> {
                var normalised = mathvista(row).normalise(text(row, "extraction"));
                return new Judgement(normalised.orElse(""), normalised.isPresent() ? 1 : 0, "");
            });
        }
        return benchmark(table)
                .map(benchmark ->
                        row -> benchmark.judge(new Fields("the row", (ObjectNode) row), prediction(row), how));
    }

    private static Optional<Benchmark> benchmark(String table) {
        var name = switch (table) {
            case "gqa_ai2d_exact_match" -> "gqa";
            case "anls" -> "docvqa";
            default -> table;
        };
        return Benchmarks.ALL.stream()
                .filter(benchmark -> benchmark.card().name().equals(name))
                .findFirst();
    }

    /// How MathVista brings a row's answer to the true one's form.
    MathVistaAnswer mathvista(JsonNode row) {
        var precision = row.path("precision");
        return new MathVistaAnswer(
                row.path("choices").isNull() ? List.of() : texts(row, "choices"),
                text(row, "question_type").equals("multi_choice"),
                text(row, "answer_type"),
                precision.isNumber()
                        ? new MathVistaAnswer.Precision(precision.asInt(), how.strict() || precision.isIntegralNumber())
                        : MathVistaAnswer.Precision.NONE);
    }
}
