package dev.aerie.lab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScoresTest {

    private static Made made(String right, String asked) {
        return new Made(
                "score", 0, 0, 0, List.of(), Map.of(), Map.of("gqa", new Made.Answers(right, asked)), List.of());
    }

    /// Of the seeds from 1 on.
    private static Scores of(String... rights) {
        var seeds = new TreeMap<Integer, Made>();
        for (var right : rights) {
            seeds.put(seeds.size() + 1, made(right, "2".repeat(right.length())));
        }
        return Scores.of(seeds);
    }

    private static Scores.Difference difference(Scores one, Scores other) {
        return one.difference(other).orElseThrow();
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
        assertThat(difference(better, worse).value()).isCloseTo(0.5, within(1e-12));
        assertThat(difference(better, worse).interval().low()).isCloseTo(0.5, within(1e-12));
        assertThat(difference(better, worse).p()).isLessThan(0.01);
        assertThat(difference(better, better).p()).isEqualTo(1);
        var noise = of("20".repeat(20));
        assertThat(difference(of("02".repeat(20)), noise).p()).isGreaterThan(0.5);
        assertThat(better.difference(of("2"))).isEmpty();
    }

    @Test
    void groupsAreComparedByTheirMeans() {
        var all = of("2".repeat(40));
        var half = of("1".repeat(40));
        var none = of("0".repeat(40));
        var found = Scores.between(List.of(all, none), List.of(half)).orElseThrow();
        assertThat(found.value()).isZero();
        assertThat(found.p()).isEqualTo(1);
        assertThat(Scores.between(List.of(all, half), List.of(none, half))
                        .orElseThrow()
                        .value())
                .isCloseTo(0.5, within(1e-12));
        assertThat(Scores.between(List.of(all, of("2")), List.of(half))).isEmpty();
    }

    @Test
    void aFindingIsToldWhereTheIntervalLeavesZeroOut() {
        var finding = List.of(new StudyPlan.Finding("a is above b", List.of("a"), List.of("b"), false));
        var more = "2".repeat(40);
        var less = "1".repeat(40);
        assertThat(verdict(finding, Map.of("a", of(more, more, more), "b", of(less, less, less))))
                .isEqualTo("agrees");
        assertThat(verdict(finding, Map.of("a", of(less, less, less), "b", of(more, more, more))))
                .isEqualTo("disagrees");
        assertThat(verdict(finding, Map.of("a", of(more, more, less), "b", of(less, more, more))))
                .isEqualTo("cannot be told");
        assertThat(verdict(finding, Map.of("a", of(more), "b", of(less)))).isEqualTo("agrees (too few seeds)");
        assertThat(verdict(finding, Map.of("a", of(more)))).isEqualTo("not run");
    }

    /// Above the mean of two is not above both.
    @Test
    void aClaimAboutEachRestsOnTheBestOfThem() {
        var all = "2".repeat(40);
        var half = "1".repeat(40);
        var none = "0".repeat(40);
        var scores = Map.of("a", of(half, half, half), "b", of(none, none, none), "c", of(all, all, all));
        var mean = new StudyPlan.Finding("", List.of("a"), List.of("b", "b", "c"), false);
        var each = new StudyPlan.Finding("", List.of("a"), List.of("b", "b", "c"), true);
        assertThat(verdict(List.of(mean), scores)).isEqualTo("agrees");
        assertThat(verdict(List.of(each), scores)).isEqualTo("disagrees");
        var worst = new StudyPlan.Finding("", List.of("c"), List.of("a", "b"), true);
        assertThat(verdict(List.of(worst), scores)).isEqualTo("agrees");
    }

    private static String verdict(List<StudyPlan.Finding> findings, Map<String, Scores> scores) {
        var plan = new StudyPlan(
                "mine", "", "", "", "study", "", List.of(), List.of(), List.of(), Map.of(), findings, 1, 1, 1, 1);
        return Findings.of("mine", plan, scores).getFirst().verdict();
    }

    /// Seeds are paired by their numbers, and what only one has does not count.
    @Test
    void aDifferenceIsOverTheSeedsThatBothHave() {
        var three = of("1".repeat(40), "2".repeat(40), "1".repeat(40));
        var second = Scores.of(new TreeMap<>(Map.of(2, made("2".repeat(40), "2".repeat(40)))));
        var found = difference(three, second);
        assertThat(found.seeds()).isEqualTo(1);
        assertThat(found.value()).isZero();
        assertThat(found.interval().low()).isZero();
        assertThat(found.interval().high()).isZero();
        assertThat(found.p()).isEqualTo(1);
        assertThat(difference(second, three)).isEqualTo(found);
        assertThat(second.difference(of("1".repeat(40)))).isEmpty();
    }

    @Test
    void ranksAgreeOrDoNot() {
        assertThat(Scores.kendallTau(List.of(1.0, 2.0, 3.0), List.of(5.0, 6.0, 9.0)))
                .isEqualTo(1);
        assertThat(Scores.kendallTau(List.of(1.0, 2.0, 3.0), List.of(9.0, 6.0, 5.0)))
                .isEqualTo(-1);
        assertThat(Scores.kendallTau(List.of(1.0, 2.0, 3.0), List.of(5.0, 9.0, 6.0)))
                .isCloseTo(1 / 3.0, within(1e-12));
    }
}
