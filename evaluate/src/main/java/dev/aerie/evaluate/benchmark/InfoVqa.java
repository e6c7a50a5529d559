package dev.aerie.evaluate.benchmark;

/// InfographicVQA validation (Mathew et al. 2022), see [DocumentText].
public final class InfoVqa extends DocumentText {

    public InfoVqa() {
        super(
                Card.of("infovqa", "InfographicVQA validation", "Mathew et al. 2022")
                        .hub("lmms-lab/DocVQA", "InfographicVQA", "validation")
                        .columns("questionId", "question", "answers")
                        .data(2_801, "1.5 GB", "for research; terms at rrc.cvc.uab.es")
                        .official("infographicsVQA_val_v1.0_withQT.json, infographicsvqa_images/ (rrc.cvc.uab.es)")
                        .maxTokens(32)
                        .caveats(CAVEAT),
                "infographicsVQA_val_v1.0_withQT.json",
                record -> "infographicsvqa_images/"
                        + record.path("image_local_name").asString(""));
    }
}
