package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.language.Sampling;
import java.util.List;

/// How an answer is generated.
///
/// @param maxTokens   the most new tokens
/// @param beams       more than 1 searches instead of sampling
/// @param ignoreEnd   goes on past the end token
/// @param stopStrings end the answer before the first of them
public record AnswerOptions(int maxTokens, Sampling sampling, int beams, boolean ignoreEnd, List<String> stopStrings) {

    /// Greedy, up to 512 tokens.
    public static final AnswerOptions DEFAULT = new AnswerOptions(512, Sampling.GREEDY, 1, false, List.of());

    public AnswerOptions {
        stopStrings = List.copyOf(stopStrings);
        if (stopStrings.contains("")) {
            throw new AerieException("cannot stop an answer before the empty text: give a text or no stop string");
        }
    }

    public AnswerOptions withMaxTokens(int tokens) {
        return new AnswerOptions(tokens, sampling, beams, ignoreEnd, stopStrings);
    }

    public AnswerOptions ignoringEnd() {
        return new AnswerOptions(maxTokens, sampling, beams, true, stopStrings);
    }
}
