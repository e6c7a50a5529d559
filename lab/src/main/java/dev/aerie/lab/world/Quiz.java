package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.List;

/// Collects the questions about a picture.
final class Quiz {

    private final SplitMix64 dice;
    private final List<Question> questions = new ArrayList<>();

    Quiz(SplitMix64 dice) {
        this.dice = dice;
    }

    SplitMix64 dice() {
        return dice;
    }

    /// Takes at most so many of the questions.
    void some(int most, List<Question> candidates) {
        questions.addAll(dice.some(most, candidates));
    }

    /// One of several wordings.
    String words(String... wordings) {
        return wordings[dice.below(wordings.length)];
    }

    /// All questions in random order.
    List<Question> questions() {
        return dice.some(questions.size(), questions);
    }
}
