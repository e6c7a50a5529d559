package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.Relaxed;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// ChartQA (Masry et al. 2022), test: questions about charts, by people and made from captions.
public final class ChartQa implements Benchmark {

    private static final Card CARD = Card.of("chartqa", "ChartQA test", "Masry et al. 2022")
            .hub("lmms-lab/ChartQA", "", "test")
            .columns("type", "question", "answer")
            .data(2_500, "0.1 GB", "GPL-3.0")
            .official("test/test_human.json, test/test_augmented.json, test/png/ (github.com/vis-nlp/ChartQA)")
            .maxTokens(16)
            .caveats();

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public String id(Fields record) {
        return record.textIfAny("imgname");
    }

    @Override
    public String prompt(Fields record) {
        return record.text("question") + "\nAnswer the question with a single word.";
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        return Judgement.of(answer, Relaxed.of(record.text("answer"), answer));
    }

    @Override
    public List<Figure> figures(List<List<Scored>> groups, Scoring how) {
        return Figures.means("relaxed accuracy", groups);
    }

    @Override
    public String category(Fields record) {
        return record.textIfAny("type");
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has("test/test_human.json")) {
            return false;
        }
        for (var type : List.of("human", "augmented")) {
            folder.each("test/test_" + type + ".json", "", record -> {
                record.set("question", record.path("query"));
                record.set("answer", record.path("label"));
                var picture = record.path("imgname").asString("");
                records.accept(record.put("type", type + "_test").put("image", "test/png/" + picture));
            });
        }
        return true;
    }
}
