package dev.aerie.evaluate.parity;

import static dev.aerie.evaluate.parity.MetricsKind.prediction;
import static dev.aerie.evaluate.parity.MetricsKind.text;
import static dev.aerie.evaluate.parity.MetricsKind.texts;

import dev.aerie.evaluate.score.Anls;
import dev.aerie.evaluate.score.ExactMatch;
import dev.aerie.evaluate.score.Letters;
import dev.aerie.evaluate.score.MathVistaAnswer;
import dev.aerie.evaluate.score.OcrMatch;
import dev.aerie.evaluate.score.Relaxed;
import dev.aerie.evaluate.score.VqaAccuracy;
import dev.aerie.evaluate.score.YesNo;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.JsonNode;

/// What an answer of a golden table is worth.
///
/// @param strict without the reference's known faults
record GoldenScores(boolean strict) {

    /// The scorer of a table's rows; empty where an answer alone has no score.
    Optional<ToDoubleFunction<JsonNode>> of(String table) {
        var annotators = new VqaAccuracy(strict);
        return Optional.ofNullable(
                switch (table) {
                    case "vqav2" -> row -> annotators.ofVqa2(texts(row, "answers"), prediction(row));
                    case "vizwiz", "textvqa" -> row -> annotators.of(texts(row, "answers"), prediction(row));
                    case "gqa_ai2d_exact_match" -> row -> ExactMatch.of(text(row, "answer"), prediction(row));
                    case "scienceqa" ->
                        row -> Letters.scienceQa(Letters.of(row.path("answer").asInt()), prediction(row));
                    case "chartqa" -> row -> Relaxed.of(text(row, "answer"), prediction(row));
                    case "ocrbench" ->
                        row -> new OcrMatch(strict).of(text(row, "dataset"), texts(row, "answer"), prediction(row));
                    case "anls" ->
                        row -> strict
                                ? Anls.official(texts(row, "answers"), prediction(row))
                                : Anls.fork(texts(row, "answers"), prediction(row));
                    case "pope" -> row -> YesNo.pope(prediction(row), strict).equals(text(row, "answer")) ? 1 : 0;
                    case "mathvista_normalise" ->
                        row -> mathvista(row).normalise(text(row, "extraction")).isPresent() ? 1 : 0;
                    default -> null;
                });
    }

    /// How MathVista brings a row's answer to the true one's form.
    MathVistaAnswer mathvista(JsonNode row) {
        var precision = row.path("precision");
        return new MathVistaAnswer(
                row.path("choices").isNull() ? List.of() : texts(row, "choices"),
                text(row, "question_type").equals("multi_choice"),
                text(row, "answer_type"),
                precision.isNumber()
                        ? new MathVistaAnswer.Precision(precision.asInt(), strict || precision.isIntegralNumber())
                        : MathVistaAnswer.Precision.NONE);
    }
}
