package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.Python;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// VizWiz-VQA (Gurari et al. 2018), validation: pictures and questions of blind people.
public final class VizWiz implements Annotated {

    private static final Card CARD = Card.of("vizwiz", "VizWiz-VQA validation", "Gurari et al. 2018")
            .hub("lmms-lab/VizWiz-VQA", "", "val")
            .columns("question_id", "question", "answers")
            .optional("category")
            .data(4_319, "2 GB", "CC BY 4.0")
            .official("val.json, val/ (vizwiz.org)")
            .caveats("published numbers are of the test split, which only the challenge's server scores");

    @Override
    public Card card() {
        return CARD;
    }

    private static final String HINT = "\nWhen the provided information is insufficient, respond with 'Unanswerable'.";

    @Override
    public String id(Fields record) {
        return record.text("question_id");
    }

    @Override
    public String prompt(Fields record) {
        return Python.capitalize(record.text("question")) + HINT + Prompts.SHORT;
    }

    @Override
    public String category(Fields record) {
        return record.textIfAny("category");
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has("val.json")) {
            return false;
        }
        folder.each("val.json", "", record -> {
            var picture = record.path("image").asString("");
            records.accept(record.put("question_id", picture).put("image", "val/" + picture));
        });
        return true;
    }
}
