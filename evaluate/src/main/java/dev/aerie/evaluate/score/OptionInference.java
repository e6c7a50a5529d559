package dev.aerie.evaluate.score;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// MMBench's way to find the option that an answer means (Liu et al. 2023): by its letter, else by its text.
public final class OptionInference {

    private static final String LETTERS = "ABCDE";

    /// A lone A in more words than this may be an article.
    private static final int ARTICLE = 3;

    /// What may stand before and after a letter, in the order in which the reference looks for it.
    private record Dress(String before, String after) {}

    private static final List<Dress> DRESSES = List.of(
            new Dress("", "."),
            new Dress("", ","),
            new Dress("", ":"),
            new Dress("", ")"),
            new Dress("", ")."),
            new Dress("(", ")"),
            new Dress("(", ")."),
            new Dress(":", ""),
            new Dress(":", ","),
            new Dress(":", "."),
            new Dress(":", ")"),
            new Dress(":", ")."));

    private OptionInference() {}

    /// The letter of the option, if exactly one is meant.
    ///
    /// @param options texts by letter
    public static Optional<String> infer(String answer, SequencedMap<String, String> options) {
        return byLetter(answer).or(() -> byText(answer, options));
    }

    private static Optional<String> byLetter(String answer) {
        var words = Python.split(answer);
        var bare = only(words, new Dress("", ""));
        if (bare.isPresent() && !(words.contains("A") && words.size() > ARTICLE)) {
            return bare;
        }
        return DRESSES.stream().flatMap(dress -> only(words, dress).stream()).findFirst();
    }

    /// The letter that stands so among the words, if exactly one does.
    private static Optional<String> only(List<String> words, Dress dress) {
        var found = LETTERS.chars()
                .mapToObj(Character::toString)
                .filter(letter -> words.contains(dress.before + letter + dress.after))
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private static Optional<String> byText(String answer, SequencedMap<String, String> options) {
        var text = Python.lower(answer);
        var found = options.entrySet().stream()
                .filter(option -> text.contains(Python.lower(option.getValue())))
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst().getKey()) : Optional.empty();
    }
}
