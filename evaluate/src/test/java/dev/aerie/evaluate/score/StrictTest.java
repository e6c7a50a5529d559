package dev.aerie.evaluate.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The reference's known faults, and the forms without them.
class StrictTest {

    @Test
    void fullStopsBesideDigitsStayInTheStrictForm() {
        assertThat(new EvalAi(false).normalise("12.")).isEqualTo("12");
        assertThat(new EvalAi(true).normalise("12.")).isEqualTo("12.");
        var many = "a" + ".b".repeat(40);
        assertThat(new EvalAi(false).normalise(many)).contains(".");
        assertThat(new EvalAi(true).normalise(many)).doesNotContain(".");
    }

    @Test
    void annotatorsWhoAllSayTheSameInCapitalsAreMetInTheStrictForm() {
        var all = Collections.nCopies(10, "NIKE");
        assertThat(new VqaAccuracy(false).ofVqa2(all, "Nike")).isZero();
        assertThat(new VqaAccuracy(true).ofVqa2(all, "Nike")).isEqualTo(1);
    }

    @Test
    void formulasWithCapitalsAreMetInTheStrictForm() {
        assertThat(new OcrMatch(false).of("HME100k", List.of("A + B"), "A+B")).isZero();
        assertThat(new OcrMatch(true).of("HME100k", List.of("A + B"), "A+B")).isEqualTo(1);
        assertThat(new OcrMatch(true).of("HME100k", List.of("A + B"), "a+b")).isZero();
    }

    @Test
    void anAnswerThatIsNeitherIsAMissInTheStrictForm() {
        var pairs = List.of(new YesNo.Pair("yes", "yes"), new YesNo.Pair("yes", "maybe"), new YesNo.Pair("no", "yes"));
        assertThat(YesNo.Measures.of(pairs, false).recall()).isEqualTo(1);
        assertThat(YesNo.Measures.of(pairs, true).recall()).isEqualTo(0.5);
        assertThat(YesNo.Measures.of(pairs, false).yesRatio()).isEqualTo(2.0 / 3); // of the truths
        assertThat(YesNo.pope("Yes.", false)).isEqualTo("yes.");
        assertThat(YesNo.pope("Yes.", true)).isEqualTo("yes");
    }

    @Test
    void aFloatPrecisionLosesTheAnswerOnlyInTheReference() {
        var reference = new MathVistaAnswer(List.of(), false, "float", new MathVistaAnswer.Precision(1, false));
        var strict = new MathVistaAnswer(List.of(), false, "float", new MathVistaAnswer.Precision(1, true));
        assertThat(reference.normalise("3.46")).isEmpty();
        assertThat(strict.normalise("3.46")).contains("3.5");
    }
}
