package dev.aerie.evaluate.score;

import java.util.OptionalDouble;

/// ChartQA's relaxed accuracy (Masry et al. 2022, section 5.1): a number may be off by 5 %; a text
/// must be equal but for its case. Thousands separators make a text of a number.
public final class Relaxed {

    private static final double TOLERANCE = 0.05;

    private Relaxed() {}

    public static double of(String truth, String answer) {
        var given = number(answer);
        var expected = number(truth);
        if (given.isEmpty() || expected.isEmpty() || expected.getAsDouble() == 0) {
            return Python.lower(answer).equals(Python.lower(truth)) ? 1 : 0;
        }
        double change = Math.abs(given.getAsDouble() - expected.getAsDouble()) / Math.abs(expected.getAsDouble());
        return change <= TOLERANCE ? 1 : 0;
    }

    private static OptionalDouble number(String text) {
        if (!text.endsWith("%")) {
            return Python.number(text);
        }
        var percent = Python.number(text.replaceAll("%+$", ""));
        return percent.isEmpty() ? percent : OptionalDouble.of(percent.getAsDouble() / 100);
    }
}
