package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.MathVistaAnswer;
import dev.aerie.evaluate.score.MathVistaAnswer.Precision;
import dev.aerie.evaluate.score.Python;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// MathVista (Lu et al. 2023), testmini: numbers, lists and options.
public final class MathVista implements Benchmark {

    private static final Card CARD = Card.of("mathvista", "MathVista testmini", "Lu et al. 2023")
            .hub("AI4Math/MathVista", "", "testmini")
            .columns("pid", "question", "choices", "unit", "precision", "answer", "question_type", "answer_type")
            .pictures("decoded_image")
            .data(1_000, "0.2 GB", "CC BY-SA 4.0")
            .official("testmini.json, images/ (mathvista.github.io)")
            .caveats(
                    "the published numbers have GPT-4 find the answer in a text; here rules do, unless a judge is named",
                    "by default no decimal fraction can be right, as in the reference; --strict repairs that");

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public String id(Fields record) {
        return record.text("pid");
    }

    @Override
    public String prompt(Fields record) {
        var unit = record.textIfAny("unit");
        var choices = record.textsIfAny("choices");
        var text = record.text("question")
                + (unit.isEmpty() ? "" : " (Unit: " + unit + ")")
                + (choices.isEmpty() ? "" : "\n" + Prompts.options(choices));
        return Python.strip(text + "\n" + hint(record));
    }

    private static String hint(Fields record) {
        if (isChoice(record)) {
            return Prompts.LETTER.strip();
        }
        return "Answer the question using a "
                + switch (record.text("answer_type")) {
                    case "integer" -> "single integer number.";
                    case "float" ->
                        "single floating-point number"
                                + switch (Math.max(0, precision(record, true).places())) {
                                    case 0 -> ".";
                                    case 1 -> " with one decimal place.";
                                    case 2 -> " with two decimal places.";
                                    default ->
                                        " with " + precision(record, true).places() + " decimal places.";
                                };
                    case "list" -> "Python list.";
                    default -> throw record.wrong("answer_type", "integer, float or list");
                };
    }

    private static boolean isChoice(Fields record) {
        return record.text("question_type").equals("multi_choice");
    }

    /// @param strict takes a float for the whole number that it is
    private static Precision precision(Fields record, boolean strict) {
        var value = record.json().path("precision");
        return value.isNumber()
                ? new Precision(Math.clamp(value.asLong(), 0, 15), strict || value.isIntegralNumber())
                : Precision.NONE;
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        var form = new MathVistaAnswer(
                record.textsIfAny("choices"),
                isChoice(record),
                record.text("answer_type"),
                precision(record, how.strict()));
        var said = Python.strip(answer);
        var note = "";
        var extraction = form.direct(said);
        if (extraction.isEmpty()) {
            extraction = how.judge().ask(question(record, said)).map(Python::strip);
            note = extraction.isPresent() ? "by the judge" : "by rules";
        }
        var parsed =
                form.normalise(extraction.orElseGet(() -> form.byRule(said))).orElse("None");
        boolean right = Python.strip(parsed).equals(Python.strip(record.text("answer")));
        return new Judgement(parsed, right ? 1 : 0, note);
    }

    private String question(Fields record, String answer) {
        return "Give the final answer that this reply comes to, and nothing else: the option's letter, or the number, or the"
                + " list.\nQuestion: " + prompt(record) + "\nReply: " + answer;
    }

    @Override
    public String category(Fields record) {
        return record.textIfAny("answer_type");
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has("testmini.json")) {
            return false;
        }
        folder.entries("testmini.json", "", (_, record) -> records.accept(record));
        return true;
    }
}
