package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.Anls;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// DocVQA validation (Mathew et al. 2021): texts that may differ a little from the right ones, see [Anls].
///
/// The reference scores 1 where any right answer is similar at all; the strict form is the official measure. Both are
/// reported; what is read in an answer (`parsed`) is its official score.
public final class DocVqa implements Benchmark {

    private static final Card CARD = Card.of("docvqa", "DocVQA validation", "Mathew et al. 2021")
            .hub("lmms-lab/DocVQA", "DocVQA", "validation")
            .columns("questionId", "question", "answers")
            .data(5_349, "3 GB", "for research; terms at rrc.cvc.uab.es")
            .official("val_v1.0_withQT.json, documents/ (rrc.cvc.uab.es)")
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
        return anls(truths(record), answer, how);
    }

    static Judgement anls(List<String> truths, String answer, Scoring how) {
        double official = Anls.official(truths, answer);
        return Judgement.of(Double.toString(official), how.strict() ? official : Anls.fork(truths, answer));
    }

    @Override
    public List<Figure> figures(List<List<Scored>> groups, Scoring how) {
        return both(groups, how);
    }

    /// The measure asked for, then the other.
    static List<Figure> both(List<List<Scored>> groups, Scoring how) {
        var all = Figures.flat(groups);
        double official = 0;
        int similar = 0;
        for (var each : all) {
            double value = Double.parseDouble(each.parsed());
            official += value;
            similar += value > 0 ? 1 : 0;
        }
        double count = Math.max(1, all.size());
        var strict = new Figure("ANLS", 100 * official / count);
        var reference = new Figure("ANLS as the reference", 100 * similar / count);
        return how.strict() ? List.of(strict, reference) : List.of(reference, strict);
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has("val_v1.0_withQT.json")) {
            return false;
        }
        folder.each(
                "val_v1.0_withQT.json",
                "data",
                record ->
                        records.accept(record.put("image", record.path("image").asString(""))));
        return true;
    }
}
