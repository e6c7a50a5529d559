package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.ExactMatch;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// GQA (Hudson and Manning 2019), test-dev balanced: questions about scenes, one right answer.
public final class Gqa implements Benchmark {

    private static final Card CARD = Card.of("gqa", "GQA test-dev balanced", "Hudson and Manning 2019")
            .hub("lmms-lab/GQA", "testdev_balanced_instructions", "testdev")
            .columns("id", "imageId", "question", "answer")
            .data(12_578, "0.1 GB", "CC BY 4.0")
            .official("testdev_balanced_questions.json, images/ID.jpg (cs.stanford.edu/people/dorarad/gqa)")
            .maxTokens(16)
            .caveats();

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public String id(Fields record) {
        return record.text("id");
    }

    @Override
    public String prompt(Fields record) {
        return record.text("question") + Prompts.SHORT;
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        return Judgement.of(answer, ExactMatch.of(truths(record).getFirst(), answer));
    }

    /// Pictures are in a part of their own; a row names its picture.
    @Override
    public Optional<PictureTable> pictureTable() {
        return Optional.of(new PictureTable("testdev_balanced_images", "id", "imageId"));
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has("testdev_balanced_questions.json")) {
            return false;
        }
        folder.entries(
                "testdev_balanced_questions.json",
                "",
                (id, question) -> records.accept(OfficialFolder.record()
                        .put("id", id)
                        .put("imageId", question.path("imageId").asString(""))
                        .put("image", "images/" + question.path("imageId").asString("") + ".jpg")
                        .setAll(question)));
        return true;
    }
}
