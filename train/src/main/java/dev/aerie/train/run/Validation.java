package dev.aerie.train.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// How well held-out samples are predicted.
///
/// @param loss    mean cross-entropy of their answers
/// @param exact   share of answers, end token included, every token of which was the likeliest. With the answer's
///                earlier tokens given, this is what greedy decoding would get right. Where kinds of questions are told
///                apart, each counts the same
/// @param answers how many there were
/// @param kinds   the answers of each kind, in the order in which the kinds came up
public record Validation(double loss, double exact, int answers, Map<String, Score> kinds) {

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
    }
}
