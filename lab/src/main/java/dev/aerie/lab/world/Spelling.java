package dev.aerie.lab.world;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes up words to be read: pronounceable ones, letters in a row, numbers. They cannot be learned by heart. No
/// word is one of the [Lexicon], so that everything that a picture spells is written with one token per
/// character.
final class Spelling {

    private static final String CONSONANTS = "bcdfghjklmnprstvz";
    private static final String VOWELS = "aeiou";
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final String DIGITS = "0123456789";
    private static final int MOST_DIGITS = 4;

    private final SplitMix64 dice;
    private final Set<String> used = new HashSet<>();

    /// Gives every word once.
    Spelling(SplitMix64 dice) {
        this.dice = dice;
    }

    /// A new word: 60 % pronounceable, 20 % letters (both of `least` to `most` letters), 20 % numbers.
    String word(int least, int most, int leastDigits, int mostDigits) {
        while (true) {
            var style = dice.below(10);
            var word = style < 6
                    ? pronounceable(dice.between(least, most))
                    : style < 8
                            ? any(LETTERS, dice.between(least, most))
                            : any(DIGITS, dice.between(leastDigits, mostDigits));
            if (!Lexicon.WORDS.contains(word) && used.add(word)) {
                return word;
            }
        }
    }

    /// The same as long as this writing's words are; numbers have at most four digits.
    String word(Setting.Writing writing) {
        return word(
                writing.shortest(),
                writing.longest(),
                Math.min(writing.shortest(), MOST_DIGITS),
                Math.min(writing.longest(), MOST_DIGITS));
    }

    /// Different letters.
    static List<String> letters(SplitMix64 dice, int count) {
        return dice.some(count, LETTERS.chars().mapToObj(Character::toString).toList());
    }

    private String pronounceable(int length) {
        var vowel = dice.chance(0.5);
        var word = new StringBuilder();
        for (var i = 0; i < length; i++, vowel = !vowel) {
            word.append(any(vowel ? VOWELS : CONSONANTS, 1));
        }
        return word.toString();
    }

    private String any(String characters, int length) {
        var word = new StringBuilder();
        for (var i = 0; i < length; i++) {
            word.append(characters.charAt(dice.below(characters.length())));
        }
        return word.toString();
    }
}
