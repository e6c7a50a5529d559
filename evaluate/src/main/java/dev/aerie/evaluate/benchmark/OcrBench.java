package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.OcrMatch;
import dev.aerie.evaluate.score.Python;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// OCRBench (Liu et al. 2023): a thousand questions about text in pictures, counted.
public final class OcrBench implements Benchmark {

    private static final Card CARD = Card.of("ocrbench", "OCRBench", "Liu et al. 2023")
            .hub("echo840/OCRBench", "", "test")
            .columns("dataset", "question", "question_type", "answer")
            .data(1_000, "0.1 GB", "MIT; pictures of 29 data sets under their own licences, for research")
            .official("OCRBench.json, OCRBench_Images/ (github.com/Yuliang-Liu/MultimodalOCR)")
            .maxTokens(128)
            .caveats("by default formulas (HME100k) with capitals cannot be met, as in the reference; --strict can");

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public String id(Fields record) {
        return record.text("dataset");
    }

    @Override
    public String prompt(Fields record) {
        return Python.strip(record.text("question"));
    }

    @Override
    public List<String> truths(Fields record) {
        return record.texts("answer");
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        return Judgement.of(
                Python.lower(Python.strip(answer)),
                new OcrMatch(how.strict()).of(record.text("dataset"), truths(record), answer));
    }

    @Override
    public List<Figure> figures(List<List<Scored>> groups, Scoring how) {
        var figures = new ArrayList<Figure>();
        figures.add(new Figure("right", sum(Figures.flat(groups))));
        Figures.byCategory(groups).forEach((category, scored) -> figures.add(new Figure(category, sum(scored))));
        return figures;
    }

    private static double sum(List<Scored> scored) {
        return scored.stream().mapToDouble(Scored::score).sum();
    }

    @Override
    public String category(Fields record) {
        return record.textIfAny("question_type");
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has("OCRBench.json")) {
            return false;
        }
        folder.each("OCRBench.json", "", record -> {
            var out = OfficialFolder.record();
            out.set("dataset", record.path("dataset_name"));
            out.set("question_type", record.path("type"));
            out.set("question", record.path("question"));
            out.set("answer", record.path("answers"));
            records.accept(out.put(
                    "image", "OCRBench_Images/" + record.path("image_path").asString("")));
        });
        return true;
    }
}
