package dev.aerie.evaluate.benchmark;

import dev.aerie.AerieException;
import dev.aerie.evaluate.score.VqaAccuracy;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// VQAv2 (Goyal et al. 2017), validation: ten annotators a question.
public final class VqaV2 implements Annotated {

    private static final Card CARD = Card.of("vqav2", "VQAv2 validation", "Goyal et al. 2017")
            .hub("lmms-lab/VQAv2", "", "validation")
            .columns("question_id", "question", "answers")
            .optional("answer_type", "image_id")
            .data(214_354, "33 GB", "CC BY 4.0; pictures of COCO under their own licences")
            .official(
                    "v2_OpenEnded_mscoco_val2014_questions.json, v2_mscoco_val2014_annotations.json, val2014/ (visualqa.org)")
            .maxTokens(16)
            .caveats("published numbers are of test-dev, which only the challenge's server scores");

    @Override
    public Card card() {
        return CARD;
    }

    private static final String QUESTIONS = "v2_OpenEnded_mscoco_val2014_questions.json";
    private static final String ANNOTATIONS = "v2_mscoco_val2014_annotations.json";

    @Override
    public String id(Fields record) {
        return record.text("question_id");
    }

    @Override
    public String prompt(Fields record) {
        return record.text("question") + Prompts.SHORT;
    }

    @Override
    public double agreement(VqaAccuracy measure, List<String> annotators, String answer) {
        return measure.ofVqa2(annotators, answer);
    }

    @Override
    public String category(Fields record) {
        return record.textIfAny("answer_type");
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has(QUESTIONS)) {
            return false;
        }
        try (var annotations = folder.open(ANNOTATIONS, "annotations")) {
            folder.each(QUESTIONS, "questions", question -> {
                var id = question.path("question_id").asString("");
                var annotation = annotations.hasNext() ? annotations.next() : OfficialFolder.record();
                if (!id.equals(annotation.path("question_id").asString(""))) {
                    throw new AerieException(
                            "cannot read " + folder.root().resolve(ANNOTATIONS) + ": expected question " + id
                                    + " at the place that it has in " + QUESTIONS + "; fetch both files again");
                }
                question.set("answers", annotation.path("answers"));
                question.set("answer_type", annotation.path("answer_type"));
                question.put(
                        "image",
                        "val2014/COCO_val2014_%012d.jpg"
                                .formatted(question.path("image_id").asLong(0)));
                records.accept(question);
            });
        }
        return true;
    }
}
