package dev.aerie.evaluate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.evaluate.benchmark.Benchmarks;
import dev.aerie.evaluate.benchmark.Scored;
import dev.aerie.evaluate.benchmark.Scoring;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    /// Three questions about one picture are one observation.
    @Test
    void changesOfOnePictureCountOnce() {
        var gqa = Benchmarks.named("gqa");
        var before = IntStream.range(0, 9)
                .mapToObj(i -> scored(i, "g" + i / 3, 0, 0.5, ""))
                .toList();
        var after = IntStream.range(0, 9)
                .mapToObj(i -> scored(i, "g" + i / 3, 1, 0.5, ""))
                .toList();
        var found = Comparison.of(gqa, before, after, Scoring.REFERENCE);
        assertThat(found.better()).isEqualTo(9);
        assertThat(found.p()).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void mcnemarIsExact() {
        assertThat(Comparison.mcnemar(1, 8)).isCloseTo(20.0 / 512, within(1e-12));
        assertThat(Comparison.mcnemar(0, 0)).isEqualTo(1);
        assertThat(Comparison.mcnemar(5, 5)).isEqualTo(1);
        assertThat(Comparison.mcnemar(0, 2000)).isBetween(0.0, 1e-300);
    }

    /// Of 1,000 independent answers the interval is about the binomial's; of the same in pictures of ten alike, wider.
    @Test
    void intervalsCountPictures() {
        var alone = width(lines(1000, 1));
        assertThat(alone).isCloseTo(2 * 1.96 * 100 * Math.sqrt(0.25 / 1000), within(0.8));
        assertThat(width(lines(1000, 10))).isGreaterThan(2.5 * alone);
    }

    /// Answers about one picture tell nothing of others.
    @Test
    void onePictureHasNoInterval() {
        assertThat(interval(lines(10, 10))).isEqualTo("–");
        assertThat(interval(lines(1000, 10))).contains(" to ");
    }

    private static String interval(List<Scored> lines) {
        return Result.of(Benchmarks.named("gqa"), lines, false).headline().interval();
    }

    private static double width(List<Scored> lines) {
        var best = Result.of(Benchmarks.named("gqa"), lines, false).headline();
        assertThat(best.value()).isBetween(best.low(), best.high());
        return best.high() - best.low();
    }

    private static List<Scored> lines(int count, int together) {
        var random = new SplittableRandom(3);
        var lines = new ArrayList<Scored>();
        double score = 0;
        for (int i = 0; i < count; i++) {
            score = i % together == 0 ? random.nextInt(2) : score;
            lines.add(scored(i, "g" + i / together, score, 0.5, ""));
        }
        return lines;
    }

    static Scored scored(int record, String group, double score, double confidence, String skipped) {
        return new Scored(
                record + 1,
                record,
                "q" + record,
                group,
                "",
                "p",
                "a",
                List.of("a"),
                "a",
                score,
                "",
                confidence,
                1,
                0,
                skipped);
    }

    @Test
    void calibrationErrorIsTheMeanDistance() {
        var calibration = Calibration.of(List.of(
                scored(0, "a", 1, 0.95, ""),
                scored(1, "b", 0, 0.95, ""),
                scored(2, "c", 0, 0.05, ""),
                scored(3, "d", 0, 1, "")));
        assertThat(calibration.bins()).hasSize(2);
        double high = Math.abs((0.95 + 0.95 + 1) / 3 - 1.0 / 3);
        assertThat(calibration.error()).isCloseTo(0.75 * high + 0.25 * 0.05, within(1e-12));
    }

    @Test
    void skippedRecordsAreCountedAndNotScored() {
        var result = Result.of(
                Benchmarks.named("gqa"),
                List.of(scored(0, "a", 1, 0.5, ""), scored(1, "b", 0, 0, "no picture")),
                false);
        assertThat(result.asked()).isEqualTo(1);
        assertThat(result.skipped()).isEqualTo(1);
        assertThat(result.headline().value()).isEqualTo(100);
    }

    @Test
    void comparisonsPairRecords() {
        var first = List.of(scored(0, "a", 1, 0, ""), scored(1, "b", 0, 0, ""), scored(2, "c", 1, 0, "lost"));
        var second = List.of(scored(1, "b", 1, 0, ""), scored(0, "a", 1, 0, ""), scored(2, "c", 1, 0, ""));
        var comparison = Comparison.of(Benchmarks.named("gqa"), first, second, Scoring.REFERENCE);
        assertThat(comparison.first()).isEqualTo(50);
        assertThat(comparison.second()).isEqualTo(100);
        assertThat(comparison.better()).isEqualTo(1);
        assertThat(comparison.worse()).isZero();
        assertThat(comparison.flipped()).hasSize(1);
    }
}
