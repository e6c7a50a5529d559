package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.Letters;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Parts of prompts that benchmarks share, as the reference words them.
final class Prompts {

    static final String SHORT = "\nAnswer the question using a single word or phrase.";
    static final String LETTER = "\nAnswer with the option's letter from the given choices directly.";

    private Prompts() {}

    /// A question, its options, and the wish for a letter.
    static String choice(String question, List<String> options) {
        return question + "\n" + options(options) + LETTER;
    }

    /// `A. first`, a line each.
    static String options(List<String> options) {
        return IntStream.range(0, options.size())
                .mapToObj(i -> Letters.of(i) + ". " + options.get(i))
                .collect(Collectors.joining("\n"));
    }
}
