package dev.aerie.language;

import dev.aerie.AerieException;
import java.util.Set;

/// @param maxTokens the most new tokens per sequence
/// @param endTokens tokens that end a sequence; empty to go on to `maxTokens`
/// @param beams     1 for sampling or greedy; more for beam search, which ignores `sampling`
public record GenerationOptions(int maxTokens, Set<Integer> endTokens, Sampling sampling, int beams) {

    public GenerationOptions {
        if (maxTokens < 1) {
            throw new AerieException("cannot generate " + maxTokens + " tokens: ask for at least 1");
        }
        if (beams < 1) {
            throw new AerieException("cannot search with " + beams + " beams: use 1 or more");
        }
        endTokens = Set.copyOf(endTokens);
    }
}
