package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.ExactMatch;
import dev.aerie.evaluate.score.Letters;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// AI2D (Kembhavi et al. 2016), test: questions about diagrams of school books, with options.
public final class Ai2d implements Benchmark {

    private static final Card CARD = Card.of("ai2d", "AI2D test", "Kembhavi et al. 2016")
            .hub("lmms-lab/ai2d", "", "test")
            .columns("question", "options", "answer")
            .data(3_088, "0.5 GB", "CC BY-SA 4.0")
            .official("ai2d_test_ids.csv, questions/, images/ (prior.allenai.org/projects/diagram-understanding)")
            .maxTokens(16)
            .caveats(
                    "with the authors' own files, questions about letters that stand in for a diagram's words are left out:"
                            + " their pictures have the words");

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public String id(Fields record) {
        return record.textIfAny("questionId");
    }

    @Override
    public String prompt(Fields record) {
        return Prompts.choice(record.text("question"), record.texts("options"));
    }

    @Override
    public List<String> truths(Fields record) {
        return List.of(Letters.of(record.integer("answer")));
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        return Judgement.of(answer, ExactMatch.of(truths(record).getFirst(), answer));
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has("ai2d_test_ids.csv")) {
            return false;
        }
        var test = new LinkedHashSet<String>();
        folder.lines("ai2d_test_ids.csv", line -> test.add(line.strip()));
        for (var picture : test) {
            var file = "questions/" + picture + ".png.json";
            if (!picture.isEmpty() && folder.has(file)) {
                folder.entries(file, "questions", (question, record) -> {
                    var out = OfficialFolder.record().put("question", question);
                    out.set("options", record.path("answerTexts"));
                    out.set("answer", record.path("correctAnswer"));
                    out.set("questionId", record.path("questionId"));
                    if (!record.path("abcLabel").asBoolean(false)) { // the letters are in no picture of the authors'
                        out.put("image", "images/" + picture + ".png");
                    }
                    records.accept(out);
                });
            }
        }
        return true;
    }
}
