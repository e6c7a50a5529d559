package dev.aerie.evaluate.score;

import java.util.List;
import java.util.Locale;

/// Average normalised Levenshtein similarity (Biten et al. 2019), of DocVQA and InfographicVQA.
public final class Anls {

    private static final double THRESHOLD = 0.5;

    private Anls() {}

    /// The similarity to one right answer; below a half it counts as 0.
    public static double similarity(String truth, String answer) {
        int distance = EditDistance.of(plain(truth), plain(answer));
        int longest = Math.max(upperLength(truth), upperLength(answer));
        double similarity = 1 - (longest == 0 ? 0 : (double) distance / longest);
        return similarity < THRESHOLD ? 0 : similarity;
    }

    /// The official score of a sample: the best over all right answers.
    public static double official(List<String> truths, String answer) {
        return truths.stream()
                .mapToDouble(truth -> similarity(truth, answer))
                .max()
                .orElse(0);
    }

    /// The reference's score of a sample: 1 if any right answer is similar at all. It is inflated.
    public static double fork(List<String> truths, String answer) {
        return official(truths, answer) > 0 ? 1 : 0;
    }

    private static String plain(String text) {
        return String.join(" ", Python.split(Python.lower(Python.strip(text))));
    }

    /// The reference measures the raw text in upper case, which can be longer.
    private static int upperLength(String text) {
        return Python.length(text.toUpperCase(Locale.ROOT));
    }
}
