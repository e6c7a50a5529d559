package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.Letters;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// ScienceQA (Lu et al. 2022), test questions with a picture: options.
public final class ScienceQa implements Benchmark {

    private static final Card CARD = Card.of("scienceqa", "ScienceQA test, with pictures", "Lu et al. 2022")
            .hub("lmms-lab/ScienceQA", "ScienceQA-IMG", "test")
            .columns("question", "choices", "answer", "hint")
            .optional("subject")
            .data(2_017, "0.2 GB", "CC BY-NC-SA 4.0")
            .official("problems.json, test/ID/image.png (github.com/lupantech/ScienceQA)")
            .maxTokens(16)
            .caveats();

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public String id(Fields record) {
        return record.textIfAny("id");
    }

    @Override
    public String prompt(Fields record) {
        var hint = record.textIfAny("hint");
        return (hint.isEmpty() ? "" : "Context: " + hint + "\n")
                + Prompts.choice(record.text("question"), record.texts("choices"));
    }

    @Override
    public List<String> truths(Fields record) {
        return List.of(Letters.of(record.integer("answer")));
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        return Judgement.of(answer, Letters.scienceQa(truths(record).getFirst(), answer));
    }

    @Override
    public String category(Fields record) {
        return record.textIfAny("subject");
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has("problems.json")) {
            return false;
        }
        folder.entries("problems.json", "", (id, record) -> {
            var picture = record.path("image").asString("");
            if (record.path("split").asString("").equals("test") && !picture.isEmpty()) {
                records.accept(record.put("id", id).put("image", "test/" + id + "/" + picture));
            }
        });
        return true;
    }
}
