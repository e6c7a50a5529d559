package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.Python;
import dev.aerie.evaluate.score.YesNo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// MME (Fu et al. 2023): two questions a picture, to be answered yes and no. The published number is that of
/// perception.
public final class Mme implements Benchmark {

    private static final Card CARD = Card.of("mme", "MME", "Fu et al. 2023")
            .hub("lmms-lab/MME", "", "test")
            .columns("question_id", "question", "answer", "category")
            .data(2_374, "0.9 GB", "for research, on request of the authors")
            .official("a folder for each category, with pictures and texts of two questions"
                    + " (github.com/BradyFU/Awesome-Multimodal-Large-Language-Models)")
            .maxTokens(16)
            .caveats();

    @Override
    public Card card() {
        return CARD;
    }

    private static final Set<String> COGNITION =
            Set.of("commonsense_reasoning", "numerical_calculation", "text_translation", "code_reasoning");
    private static final Set<String> PERCEPTION = Set.of(
            "existence", "count", "position", "color", "posters", "celebrity", "scene", "landmark", "artwork", "OCR");
    private static final String FORMAT = " Please answer yes or no.";

    @Override
    public String id(Fields record) {
        return record.text("question_id");
    }

    @Override
    public String prompt(Fields record) {
        return Python.strip(record.text("question")).replace(FORMAT, "") + Prompts.SHORT;
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        var parsed = YesNo.mme(answer);
        var truth = Python.strip(Python.lower(record.text("answer"))).replace(".", "");
        return Judgement.of(parsed, parsed.equals(truth) ? 1 : 0);
    }

    @Override
    public Optional<String> group(Fields record) {
        return Optional.of(category(record) + "/" + id(record));
    }

    @Override
    public String category(Fields record) {
        return record.textIfAny("category");
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    /// A category's points are the mean over its pictures; perception and cognition are sums of categories.
    @Override
    public List<Figure> figures(List<List<Scored>> groups, Scoring how) {
        var points = new TreeMap<String, List<Double>>();
        for (var group : groups) {
            var category = group.getFirst().category();
            var scores = group.stream().map(Scored::score).toList();
            points.computeIfAbsent(category, _ -> new ArrayList<>()).add(YesNo.mmePair(scores));
        }
        var figures = new ArrayList<Figure>();
        double perception = 0;
        double cognition = 0;
        for (var category : points.entrySet()) {
            double mean = category.getValue().stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElse(0);
            figures.add(new Figure(category.getKey(), mean));
            boolean thinks =
                    !PERCEPTION.contains(category.getKey()); // what is not perception, the reference counts there
            cognition += thinks ? mean : 0;
            perception += thinks ? 0 : mean;
        }
        figures.addFirst(new Figure("cognition", cognition));
        figures.addFirst(new Figure("perception", perception));
        return figures;
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        boolean found = false;
        for (var category : folder.list("")) {
            if (PERCEPTION.contains(category) || COGNITION.contains(category)) {
                found = true;
                category(folder, category, records);
            }
        }
        return found;
    }

    /// Some categories keep pictures and texts in folders of their own, others together.
    private static void category(OfficialFolder folder, String category, Consumer<ObjectNode> records) {
        boolean apart = folder.has(category + "/images");
        var texts = apart ? category + "/questions_answers_YN" : category;
        var pictures = apart ? category + "/images" : category;
        for (var name : folder.list(pictures)) {
            var stem = name.replaceFirst("\\.(jpg|png)$", "");
            var text = texts + "/" + stem + ".txt";
            if (!stem.equals(name) && folder.has(text)) {
                folder.lines(text, line -> {
                    var parts = line.split("\t", -1);
                    if (parts.length >= 2) {
                        records.accept(OfficialFolder.record()
                                .put("question_id", stem)
                                .put("question", parts[0])
                                .put("answer", parts[1])
                                .put("category", category)
                                .put("image", pictures + "/" + name));
                    }
                });
            }
        }
    }
}
