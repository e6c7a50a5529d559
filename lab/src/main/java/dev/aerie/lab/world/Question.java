package dev.aerie.lab.world;

import java.util.Locale;

/// A question about a picture and its only right answer, as a user reads them.
public record Question(Family family, String text, String answer) {

    static Question yesNo(Family family, String text, boolean truth) {
        return new Question(family, text, truth ? "yes" : "no");
    }

    static Question count(String text, int count) {
        return new Question(Family.COUNT, text, Integer.toString(count));
    }

    /// Whether what was said is the answer; case, surrounding white space and one full stop at the end do not matter.
    public boolean isAnsweredBy(String said) {
        var words = said.strip().toLowerCase(Locale.ROOT);
        return (words.endsWith(".") ? words.substring(0, words.length() - 1) : words).equals(answer);
    }
}
