package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.ExactMatch;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// The miniature world's nine families, each for an axis of the public benchmarks: what a checkpoint of the
/// miniature is scored on as others are on theirs. `aerie world` draws the data.
public final class DrawnWorld implements Benchmark {

    private static final String RECORDS = "world.json";
    private static final String MARKER = "<image>\n";

    private static final Card CARD = Card.of("world", "the drawn world", "this project")
            .columns("id", "question", "answer", "family")
            .data(18_277, "70 MB", "Apache-2.0")
            .official("world.json, images/ (aerie world --split scoring --count 2000 --out DIR/world)")
            .maxTokens(64)
            .caveats("families weigh as many questions as they have, in 'aerie lab score' all the same");

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
        return record.text("question");
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        return Judgement.of(answer, ExactMatch.of(truths(record).getFirst(), answer));
    }

    @Override
    public List<Figure> figures(List<List<Scored>> groups, Scoring how) {
        return Figures.means("exact match", groups);
    }

    @Override
    public String category(Fields record) {
        return record.text("family");
    }

    /// Questions and answers take turns; a question says which family it is of.
    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has(RECORDS)) {
            return false;
        }
        folder.each(RECORDS, "", picture -> {
            var turns = picture.path("conversations");
            for (int i = 0; i + 1 < turns.size(); i += 2) {
                var question = turns.path(i);
                var record = OfficialFolder.record()
                        .put("id", picture.path("id").asString("") + "/" + i / 2)
                        .put("image", "images/" + picture.path("image").asString(""))
                        .put("question", question.path("value").asString("").replace(MARKER, ""));
                record.set("answer", turns.path(i + 1).path("value"));
                record.set("family", question.path("family"));
                records.accept(record);
            }
        });
        return true;
    }
}
