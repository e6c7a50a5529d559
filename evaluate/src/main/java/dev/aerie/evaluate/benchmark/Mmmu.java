package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.MmmuChoice;
import dev.aerie.evaluate.score.MmmuOpen;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// MMMU (Yue et al. 2023), validation: college questions of 30 subjects, with up to seven pictures.
public final class Mmmu implements Benchmark {

    private static final Card CARD = Card.of("mmmu", "MMMU validation", "Yue et al. 2023")
            .hub("lmms-lab/MMMU", "", "validation")
            .columns("id", "question", "options", "answer", "question_type")
            .pictures("image_1", "image_2", "image_3", "image_4", "image_5", "image_6", "image_7")
            .data(900, "0.4 GB", "Apache-2.0")
            .official("none: the authors publish Parquet files, too")
            .maxTokens(16)
            .caveats(
                    "it is not published which of the reference's two ways gave the numbers; one of them samples with five beams",
                    "where the reference draws an option at random, here the same answer always draws the same; --strict"
                            + " counts it as wrong");

    @Override
    public Card card() {
        return CARD;
    }

    private static final Pattern PLACE = Pattern.compile("<image \\d+>");
    private static final Pattern KNOWN_PLACE = Pattern.compile("<image [1-7]>");

    @Override
    public String id(Fields record) {
        return record.text("id");
    }

    @Override
    public String prompt(Fields record) {
        return KNOWN_PLACE.matcher(numbered(record)).replaceAll("<image>");
    }

    private static String numbered(Fields record) {
        return record.text("question")
                + (isChoice(record)
                        ? "\n" + Prompts.options(options(record))
                                + "\nAnswer with the option letter from the given choices directly."
                        : Prompts.SHORT);
    }

    /// The pictures in the order in which the prompt names them.
    @Override
    public List<String> pictures(Fields record) {
        return PLACE.matcher(numbered(record))
                .results()
                .map(place ->
                        "image_" + place.group().substring(7, place.group().length() - 1))
                .toList();
    }

    private static boolean isChoice(Fields record) {
        return record.text("question_type").equals("multiple-choice");
    }

    /// They are published as the text of a Python list.
    private static List<String> options(Fields record) {
        return record.json().path("options").isArray()
                ? record.texts("options")
                : PythonList.parse(record.text("options"))
                        .orElseThrow(() -> record.wrong("options", "a list in Python's form"));
    }

    @Override
    public List<String> truths(Fields record) {
        return record.texts("answer");
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        if (!isChoice(record)) {
            var parsed = MmmuOpen.parse(answer);
            var text = parsed.stream().map(MmmuOpen.Value::text).collect(Collectors.joining(" | "));
            return Judgement.of(text, MmmuOpen.isRight(truths(record), parsed) ? 1 : 0);
        }
        var options = options(record);
        if (options.isEmpty()) {
            throw record.wrong("options", "at least one option");
        }
        var choice = MmmuChoice.parse(answer, options);
        if (choice.drawn() && how.strict()) {
            return new Judgement("", 0, "no option found");
        }
        return new Judgement(
                choice.letter(),
                truths(record).contains(choice.letter()) ? 1 : 0,
                choice.drawn() ? "no option found: drawn" : "");
    }

    /// The subject, which the id names.
    @Override
    public String category(Fields record) {
        return id(record).replaceFirst("^[^_]*_", "").replaceFirst("_\\d+$", "");
    }
}
