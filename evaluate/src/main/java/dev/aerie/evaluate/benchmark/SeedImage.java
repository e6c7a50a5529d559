package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.Letters;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// SEED-Bench (Li et al. 2023), its questions about pictures: four options.
public final class SeedImage implements Benchmark {

    private static final Card CARD = Card.of("seedbench", "SEED-Bench image", "Li et al. 2023")
            .hub("lmms-lab/SEED-Bench", "", "test")
            .columns("question_id", "question", "answer", "choice_a", "choice_b", "choice_c", "choice_d", "data_type")
            .optional("data_id", "question_type_id")
            .data(14_233, "27 GB with the questions about films", "CC BY-NC 4.0")
            .official("SEED-Bench.json, SEED-Bench-image/ (huggingface.co/datasets/AILab-CVC/SEED-Bench)")
            .caveats();

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public String id(Fields record) {
        return record.text("question_id");
    }

    @Override
    public String prompt(Fields record) {
        return Prompts.choice(record.text("question"), options(record));
    }

    private static List<String> options(Fields record) {
        return Stream.of("choice_a", "choice_b", "choice_c", "choice_d")
                .map(record::text)
                .toList();
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        var parsed = Letters.first(answer);
        return Judgement.of(parsed, parsed.equals(record.text("answer")) ? 1 : 0);
    }

    @Override
    public String category(Fields record) {
        return record.textIfAny("question_type_id");
    }

    @Override
    public boolean wants(Fields record) {
        return record.text("data_type").equals("image");
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has("SEED-Bench.json")) {
            return false;
        }
        folder.each(
                "SEED-Bench.json",
                "questions",
                record -> records.accept(record.put(
                        "image", "SEED-Bench-image/" + record.path("data_id").asString(""))));
        return true;
    }
}
