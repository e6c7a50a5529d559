package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.Python;
import dev.aerie.evaluate.score.YesNo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// POPE (Li et al. 2023): is this object in the picture? The published number is F1 over all three samplings together.
public final class Pope implements Benchmark {

    private static final Card CARD = Card.of("pope", "POPE", "Li et al. 2023")
            .hub("lmms-lab/POPE", "", "test")
            .columns("question_id", "question", "answer")
            .optional("category", "image_source")
            .data(9_000, "1.5 GB", "MIT; pictures of COCO under their own licences")
            .official("coco_pope_random.json, coco_pope_popular.json, coco_pope_adversarial.json, val2014/"
                    + " (github.com/AoiDragon/POPE)")
            .maxTokens(128)
            .caveats(
                    "by default nothing but the word itself is yes or no, as in the reference; --strict reads longer answers,"
                            + " and its share of yes is that of the answers");

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
        return Python.strip(record.text("question")) + Prompts.SHORT;
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        var parsed = YesNo.pope(answer, how.strict());
        var truth = Python.strip(Python.lower(record.text("answer")));
        return Judgement.of(parsed, parsed.equals(truth) ? 1 : 0);
    }

    @Override
    public String category(Fields record) {
        return record.textIfAny("category");
    }

    @Override
    public List<Figure> figures(List<List<Scored>> groups, Scoring how) {
        var all = measures(Figures.flat(groups), how);
        var figures = new ArrayList<Figure>();
        figures.add(new Figure("F1", 100 * all.f1()));
        figures.add(new Figure("accuracy", 100 * all.accuracy()));
        figures.add(new Figure("precision", 100 * all.precision()));
        figures.add(new Figure("recall", 100 * all.recall()));
        figures.add(new Figure("share of yes", 100 * all.yesRatio()));
        Figures.byCategory(groups)
                .forEach((category, scored) -> figures.add(
                        new Figure("F1 " + category, 100 * measures(scored, how).f1())));
        return figures;
    }

    private static YesNo.Measures measures(List<Scored> scored, Scoring how) {
        return YesNo.Measures.of(
                scored.stream()
                        .map(each -> new YesNo.Pair(
                                Python.strip(Python.lower(each.truths().getFirst())), each.parsed()))
                        .toList(),
                how.strict());
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        boolean found = false;
        for (var category : List.of("adversarial", "popular", "random")) {
            var file = "coco_pope_" + category + ".json";
            if (folder.has(file)) {
                found = true;
                folder.each(file, "", record -> {
                    record.set("question", record.path("text"));
                    record.set("answer", record.path("label"));
                    records.accept(record.put("category", category)
                            .put("image", "val2014/" + record.path("image").asString("")));
                });
            }
        }
        return found;
    }
}
