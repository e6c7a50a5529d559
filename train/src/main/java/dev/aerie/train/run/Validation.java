package dev.aerie.train.run;

import dev.aerie.train.log.SampleLog;
import dev.aerie.train.log.ValidationLog;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How well held-out samples are predicted.
///
/// @param loss    mean cross-entropy of their answers; 0 where none was taken
/// @param exact   share of answers, end token included, every token of which was the likeliest. With the answer's
///                earlier tokens given, this is what greedy decoding would get right. Where kinds of questions are told
///                apart, each counts the same
/// @param answers how many there were
/// @param kinds   the answers of each kind, in the order in which the kinds came up
/// @param seconds that it took
/// @param samples a few of them, with what the model says
public record Validation(
        double loss, double exact, int answers, Map<String, Score> kinds, double seconds, List<Answered> samples) {

    /// @param right of `asked`
    public record Score(int right, int asked) {

        static final Score NONE = new Score(0, 0);

        Score plus(boolean exact) {
            return new Score(right + (exact ? 1 : 0), asked + 1);
        }

        public double share() {
            return asked == 0 ? 0 : (double) right / asked;
        }
    }

    public Validation {
        kinds = Collections.unmodifiableMap(new LinkedHashMap<>(kinds));
        samples = List.copyOf(samples);
    }

    public Validation(double loss, double exact, int answers) {
        this(loss, exact, answers, Map.of(), 0, List.of());
    }

    /// As logs have it.
    ///
    /// @param step after which it was taken
    ValidationLog log(long step) {
        var shares = new LinkedHashMap<String, Double>();
        kinds.forEach((kind, score) -> shares.put(kind, score.share()));
        return new ValidationLog(step, loss, exact, answers, seconds, shares);
    }

    /// The same with the time that it took and a few samples.
    Validation with(double time, List<Answered> some) {
        return new Validation(loss, exact, answers, kinds, time, some);
    }

    /// What snapshots are compared by, more being better: the loss, negated; the share of exact answers where no loss
    /// was taken. A loss that is no number is worse than any.
    double score() {
        if (Double.isNaN(loss)) {
            return -Double.MAX_VALUE;
        }
        return loss > 0 ? -loss : exact;
    }

    /// A sample and the model's answer; fields as in [SampleLog].
    public record Answered(String id, String question, String truth, String answer, Optional<String> picture) {

        SampleLog after(long step) {
            return new SampleLog(step, id, question, truth, answer, picture);
        }
    }
}
