package dev.aerie.train.run;

import dev.aerie.train.log.SampleLog;
import java.util.List;
import java.util.Optional;

/// How well held-out samples are predicted.
///
/// @param loss    mean cross-entropy of their answers; 0 where none was taken
/// @param exact   share of answers, end token included, every token of which was the likeliest. With the answer's
///                earlier tokens given, this is what greedy decoding would get right
/// @param answers how many there were
/// @param seconds that it took
/// @param samples a few of them, with what the model says
public record Validation(double loss, double exact, int answers, double seconds, List<Answered> samples) {

    public Validation {
        samples = List.copyOf(samples);
    }

    public Validation(double loss, double exact, int answers) {
        this(loss, exact, answers, 0, List.of());
    }

    /// What snapshots are compared by, more being better: the loss, negated; the share of exact answers where no loss
    /// was taken.
    double score() {
        return loss > 0 ? -loss : exact;
    }

    /// A sample and the model's answer; fields as in [SampleLog].
    public record Answered(String id, String question, String truth, String answer, Optional<String> picture) {

        SampleLog after(long step) {
            return new SampleLog(step, id, question, truth, answer, picture);
        }
    }
}
