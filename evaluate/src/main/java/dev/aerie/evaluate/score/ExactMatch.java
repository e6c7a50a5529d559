package dev.aerie.evaluate.score;

/// Equality of texts without regard to case and ASCII punctuation (GQA, AI2D).
public final class ExactMatch {

    private ExactMatch() {}

    public static double of(String truth, String answer) {
        return plain(truth).equals(plain(answer)) ? 1 : 0;
    }

    private static String plain(String text) {
        return Python.lower(text).replaceAll("\\p{Punct}", "");
    }
}
