package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.EvalAi;
import dev.aerie.evaluate.score.VqaAccuracy;
import java.util.List;

/// What the benchmarks with ten annotators a question share: an answer is worth what they agree with.
sealed interface Annotated extends Benchmark permits TextVqa, VizWiz, VqaV2 {

    /// The answers of all annotators: texts, or objects with an `answer`.
    @Override
    default List<String> truths(Fields record) {
        var answers = record.json().path("answers");
        if (!answers.isArray()) {
            throw record.wrong("answers", "a list of answers");
        }
        return answers.valueStream()
                .map(each -> each.isObject() ? each.path("answer").asString("") : each.asString())
                .toList();
    }

    @Override
    default Judgement judge(Fields record, String answer, Scoring how) {
        return Judgement.of(
                new EvalAi(how.strict()).normalise(answer),
                agreement(new VqaAccuracy(how.strict()), truths(record), answer));
    }

    /// How far the annotators agree with an answer, from 0 to 1.
    default double agreement(VqaAccuracy measure, List<String> annotators, String answer) {
        return measure.of(annotators, answer);
    }
}
