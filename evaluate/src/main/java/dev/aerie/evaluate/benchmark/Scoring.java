package dev.aerie.evaluate.benchmark;

/// How answers are scored.
///
/// @param strict without the known faults of the reference
/// @param judge  a language model for answers that rules do not decide
public record Scoring(boolean strict, Judge judge) {

    public static final Scoring REFERENCE = new Scoring(false, Judge.NONE);
    public static final Scoring STRICT = new Scoring(true, Judge.NONE);

    /// The same where there is nothing to ask a judge about.
    public Scoring withoutJudge() {
        return new Scoring(strict, Judge.NONE);
    }
}
