package dev.aerie.evaluate.benchmark;

import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// InfographicVQA validation (Mathew et al. 2022): texts that may differ a little from the right ones, see
/// [dev.aerie.evaluate.score.Anls].
///
/// The reference scores 1 where any right answer is similar at all; the strict form is the official measure. Both are
/// reported; what is read in an answer (`parsed`) is its official score.
public final class InfoVqa implements Benchmark {

    private static final Card CARD = Card.of("infovqa", "InfographicVQA validation", "Mathew et al. 2022")
            .hub("lmms-lab/DocVQA", "InfographicVQA", "validation")
            .columns("questionId", "question", "answers")
            .data(2_801, "1.5 GB", "for research; terms at rrc.cvc.uab.es")
            .official("infographicsVQA_val_v1.0_withQT.json, infographicsvqa_images/ (rrc.cvc.uab.es)")
            .maxTokens(32)
            .caveats(
                    "split and scorer of the published number are not stated; by default a sample counts 1 where any right"
                            + " answer is similar at all, as in the reference, --strict takes the official ANLS");

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public String id(Fields record) {
        return record.text("questionId");
    }

    @Override
    public String prompt(Fields record) {
        return record.text("question") + Prompts.SHORT;
    }

    @Override
    public List<String> truths(Fields record) {
        return record.texts("answers");
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        return DocVqa.anls(truths(record), answer, how);
    }

    @Override
    public List<Figure> figures(List<List<Scored>> groups, Scoring how) {
        return DocVqa.both(groups, how);
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has("infographicsVQA_val_v1.0_withQT.json")) {
            return false;
        }
        folder.each(
                "infographicsVQA_val_v1.0_withQT.json",
                "data",
                record -> records.accept(record.put(
                        "image",
                        "infographicsvqa_images/"
                                + record.path("image_local_name").asString(""))));
        return true;
    }
}
