package dev.aerie.evaluate.score;

/// Letters of options where no more than the letter is expected.
public final class Letters {

    private Letters() {}

    /// The letter of an option, counted from 0.
    public static String of(int option) {
        return Character.toString('A' + option);
    }

    /// ScienceQA: the letter itself, or a text that begins with it and a full stop.
    public static double scienceQa(String truth, String answer) {
        boolean right = answer.equals(truth)
                || (answer.length() >= 2
                        && Character.isUpperCase(answer.charAt(0))
                        && answer.charAt(1) == '.'
                        && answer.substring(0, 1).equals(truth));
        return right ? 1 : 0;
    }

    /// SEED: the first character.
    public static String first(String answer) {
        var text = Python.strip(answer);
        return text.isEmpty() ? text : text.substring(0, text.offsetByCodePoints(0, 1));
    }
}
