package dev.aerie.evaluate.benchmark;

/// DocVQA validation (Mathew et al. 2021), see [DocumentText].
public final class DocVqa extends DocumentText {

    public DocVqa() {
        super(
                Card.of("docvqa", "DocVQA validation", "Mathew et al. 2021")
                        .hub("lmms-lab/DocVQA", "DocVQA", "validation")
                        .columns("questionId", "question", "answers")
                        .data(5_349, "3 GB", "for research; terms at rrc.cvc.uab.es")
                        .official("val_v1.0_withQT.json, documents/ (rrc.cvc.uab.es)")
                        .maxTokens(32)
                        .caveats(CAVEAT),
                "val_v1.0_withQT.json",
                record -> record.path("image").asString(""));
    }
}
