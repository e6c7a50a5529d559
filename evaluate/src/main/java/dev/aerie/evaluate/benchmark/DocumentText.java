package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.Anls;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// What DocVQA and InfographicVQA share: texts that may differ a little from the right ones, see [Anls].
///
/// The reference scores 1 where any right answer is similar at all; the strict form is the official measure. Both are
/// reported; what is read in an answer (`parsed`) is its official score.
abstract sealed class DocumentText implements Benchmark permits DocVqa, InfoVqa {

    static final String CAVEAT =
            "split and scorer of the published number are not stated; by default a sample counts 1 where any right"
                    + " answer is similar at all, as in the reference, --strict takes the official ANLS";

    private final Card card;
    private final String questions;
    private final Function<ObjectNode, String> picture;

    /// @param questions the authors' file
    /// @param picture   of one of its records, below the authors' folder
    DocumentText(Card card, String questions, Function<ObjectNode, String> picture) {
        this.card = card;
        this.questions = questions;
        this.picture = picture;
    }

    @Override
    public Card card() {
        return card;
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
        var truths = truths(record);
        double official = Anls.official(truths, answer);
        return Judgement.of(Double.toString(official), how.strict() ? official : Anls.fork(truths, answer));
    }

    /// The measure asked for, then the other.
    @Override
    public List<Figure> figures(List<List<Scored>> groups, Scoring how) {
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
        if (!folder.has(questions)) {
            return false;
        }
        folder.each(questions, "data", record -> records.accept(record.put("image", picture.apply(record))));
        return true;
    }
}
