package dev.aerie.evaluate.score;

import java.util.List;
import java.util.Set;

/// Agreement with human annotators (Antol et al. 2015): for each annotator a third for every other who gave the same
/// answer, 1 at most, and the mean of that.
///
/// @param strict with the strict [EvalAi], and in VQAv2 with annotators who are all normalised
public record VqaAccuracy(boolean strict) {

    private static final double ENOUGH = 3;

    /// TextVQA's and VizWiz's form: every answer normalised.
    public double of(List<String> annotators, String answer) {
        var form = new EvalAi(strict);
        return agreement(annotators.stream().map(form::normalise).toList(), form.normalise(answer));
    }

    /// VQAv2's form. The reference normalises annotators only where they do not all agree, so that an answer of
    /// capitals that all gave can never be met.
    public double ofVqa2(List<String> annotators, String answer) {
        var form = new EvalAi(strict);
        var given = form.normalise(answer);
        var lines = annotators.stream()
                .map(each -> Python.strip(each.replace('\n', ' ').replace('\t', ' ')))
                .toList();
        if (!strict && Set.copyOf(lines).size() <= 1) {
            return agreement(lines, given);
        }
        return agreement(lines.stream().map(form::annotated).toList(), form.annotated(given));
    }

    private static double agreement(List<String> annotators, String answer) {
        if (annotators.isEmpty()) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < annotators.size(); i++) {
            int others = 0;
            for (int j = 0; j < annotators.size(); j++) {
                others += j != i && annotators.get(j).equals(answer) ? 1 : 0;
            }
            sum += Math.min(1, others / ENOUGH);
        }
        return sum / annotators.size();
    }
}
