package dev.aerie.fabricate;

import java.util.ArrayList;
import java.util.List;

/// Made-up words that can be pronounced, so that a random model babbles: `ba`, ` ba`, ` babe`, ` babeki`, …
final class Words {

    private static final String CONSONANTS = "bdfghjklmnprstvwyzcx";
    private static final String VOWELS = "aeiou";
    private static final int SYLLABLES = CONSONANTS.length() * VOWELS.length();

    private Words() {}

    /// A word, put together from two that come before it or are characters.
    record Word(String left, String right) {
        String text() {
            return left + right;
        }
    }

    /// The first `n`: syllables, syllables behind a space, and those lengthened by a syllable again and again.
    static List<Word> first(int n, String space) {
        var words = new ArrayList<Word>();
        for (int i = 0; i < Math.min(n, SYLLABLES); i++) {
            words.add(new Word(letter(CONSONANTS, i / VOWELS.length()), letter(VOWELS, i % VOWELS.length())));
        }
        for (int i = 0; words.size() < n; i++) {
            // Word SYLLABLES + i goes on from word i / SYLLABLES − 1 of those behind a space.
            var left = i < SYLLABLES
                    ? space
                    : words.get(i / SYLLABLES - 1 + SYLLABLES).text();
            words.add(new Word(left, words.get(i % SYLLABLES).text()));
        }
        return words;
    }

    private static String letter(String letters, int i) {
        return letters.substring(i, i + 1);
    }
}
