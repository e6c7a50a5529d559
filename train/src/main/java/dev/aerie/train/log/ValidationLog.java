package dev.aerie.train.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the model did on held-out samples.
///
/// @param step       after which it was asked
/// @param loss       mean over the learned positions
/// @param exactMatch share of answers that are right, 0 to 1; where kinds of questions are told apart, their mean
/// @param count      answers asked for
/// @param seconds    that it took
/// @param kinds      the share of right answers by kind of question; empty where they are not told apart
public record ValidationLog(
        long step, double loss, double exactMatch, int count, double seconds, Map<String, Double> kinds) {

    /// @param kinds absent in older logs
    public ValidationLog(
            long step, double loss, double exactMatch, int count, double seconds, @Nullable Map<String, Double> kinds) {
        this.step = step;
        this.loss = loss;
        this.exactMatch = exactMatch;
        this.count = count;
        this.seconds = seconds;
        this.kinds = kinds == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(kinds));
    }

    /// One that does not tell kinds of questions apart.
    public ValidationLog(long step, double loss, double exactMatch, int count, double seconds) {
        this(step, loss, exactMatch, count, seconds, Map.of());
    }
}
