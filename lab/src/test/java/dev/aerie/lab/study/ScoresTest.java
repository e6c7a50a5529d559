package dev.aerie.lab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoresTest {

    private static Made made(String right, String asked) {
        return new Made(
                "score", 0, 0, 0, List.of(), Map.of(), Map.of("gqa", new Made.Answers(right, asked)), List.of());
    }

    private static Scores of(String... rights) {
        return Scores.of(List.of(rights).stream()
                .map(right -> made(right, "2".repeat(right.length())))
                .toList());
    }

    @Test
    void seedsAndPicturesCountAlike() {
        var scores = of("2222", "0000", "1111");
        assertThat(scores.average()).isEqualTo(0.5);
        assertThat(scores.bySeed()).containsExactly(1.0, 0.0, 0.5);
        assertThat(scores.interval().low()).isLessThan(0.2);
        assertThat(scores.interval().high()).isGreaterThan(0.8);
        assertThat(of("1111").interval().low()).isEqualTo(0.5);
    }

    @Test
    void aDifferenceThatIsInEveryPictureIsTold() {
        var better = of("2".repeat(40));
        var worse = of("1".repeat(40));
        assertThat(better.lessThan(worse).low()).isCloseTo(0.5, within(1e-12));
        assertThat(better.p(worse)).isLessThan(0.01);
        assertThat(better.p(better)).isEqualTo(1);
        var noise = of("20".repeat(20));
        assertThat(of("02".repeat(20)).p(noise)).isGreaterThan(0.5);
        assertThat(better.sameQuestions(noise)).isTrue();
        assertThat(better.sameQuestions(of("2"))).isFalse();
    }

    @Test
    void ranksAgreeOrDoNot() {
        assertThat(Scores.agreement(List.of(1.0, 2.0, 3.0), List.of(5.0, 6.0, 9.0)))
                .isEqualTo(1);
        assertThat(Scores.agreement(List.of(1.0, 2.0, 3.0), List.of(9.0, 6.0, 5.0)))
                .isEqualTo(-1);
        assertThat(Scores.agreement(List.of(1.0, 2.0, 3.0), List.of(5.0, 9.0, 6.0)))
                .isCloseTo(1 / 3.0, within(1e-12));
    }
}
