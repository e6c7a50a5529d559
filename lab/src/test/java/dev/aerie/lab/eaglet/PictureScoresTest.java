package dev.aerie.lab.eaglet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.lab.world.Family;
import dev.aerie.train.report.Interval;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PictureScoresTest {

    private static final double TINY = 1e-9;

    /// 8 of 10: Newcombe (1998) and every textbook since.
    @Test
    void wilsonsIntervalIsTheTextbooks() {
        var interval = Interval.wilson(0.8, 10);
        assertThat(interval.low()).isCloseTo(0.4902, within(1e-4));
        assertThat(interval.high()).isCloseTo(0.9433, within(1e-4));
        assertThat(Interval.wilson(0, 0)).isEqualTo(new Interval(0, 1));
    }

    @Test
    void sharesAreOfAnswersAndTheAverageOfFamilies() {
        var scores = new PictureScores();
        scores.picture();
        scores.add(Family.GQA, true);
        scores.add(Family.GQA, false);
        scores.add(Family.POPE, true);
        scores.picture();
        scores.add(Family.GQA, false);
        assertThat(scores.pictures()).isEqualTo(2);
        assertThat(scores.all().of(Family.GQA)).isEqualTo(new FamilyScores.Score(1, 3));
        assertThat(scores.all().average()).isCloseTo((1 / 3.0 + 1) / 2, within(TINY)); // of those that were asked
        assertThat(scores.interval(Family.MATH)).isEqualTo(new Interval(0, 1));
    }

    @Test
    void onePictureTellsNoInterval() {
        var scores = new PictureScores();
        scores.picture();
        scores.add(Family.GQA, true);
        scores.add(Family.GQA, false);
        assertThat(scores.averageInterval()).isEqualTo(new Interval(0, 1));
    }

    /// Five answers that always agree tell no more than one.
    @Test
    void answersThatAgreeDoNotNarrowTheInterval() {
        var one = answers(1);
        var five = answers(5);
        assertThat(five.all().of(Family.TEXT).asked())
                .isEqualTo(5 * one.all().of(Family.TEXT).asked());
        assertThat(five.interval(Family.TEXT).low())
                .isCloseTo(one.interval(Family.TEXT).low(), within(TINY));
        assertThat(five.interval(Family.TEXT).high())
                .isCloseTo(one.interval(Family.TEXT).high(), within(TINY));
    }

    private static PictureScores answers(int times) {
        var scores = new PictureScores();
        for (int picture = 0; picture < 40; picture++) {
            scores.picture();
            for (int i = 0; i < times; i++) {
                scores.add(Family.TEXT, picture % 4 != 0);
            }
        }
        return scores;
    }

    @Test
    void allRightIsNotCertainty() {
        var scores = new PictureScores();
        for (int picture = 0; picture < 50; picture++) {
            scores.picture();
            scores.add(Family.MATH, true);
            scores.add(Family.MATH, true);
        }
        assertThat(scores.interval(Family.MATH)).isEqualTo(Interval.wilson(1, 50));
        assertThat(scores.interval(Family.MATH).low()).isBetween(0.9, 0.95);
    }

    /// Families that rise and fall together do not average their errors away.
    @Test
    void theAverageKnowsThatFamiliesSharePictures() {
        var together = new PictureScores();
        var apart = new PictureScores();
        for (int picture = 0; picture < 90; picture++) {
            together.picture();
            apart.picture();
            for (var family : Family.values()) {
                together.add(family, picture % 3 == 0);
                apart.add(family, (picture + family.ordinal()) % 3 == 0);
            }
        }
        assertThat(width(together.averageInterval()))
                .isCloseTo(2 * 1.96 * Math.sqrt(1 / 3.0 * 2 / 3.0 / 89), within(1e-4));
        assertThat(width(apart.averageInterval())).isCloseTo(0, within(TINY));
    }

    /// Pictures of very different difficulty: 95 of 100 intervals hold the true share, as they promise.
    @Test
    void intervalsHoldTheTruthAsOftenAsTheySay() {
        var random = new Random(11);
        int runs = 2000;
        int hold = 0;
        int average = 0;
        for (int run = 0; run < runs; run++) {
            var scores = new PictureScores();
            for (int picture = 0; picture < 120; picture++) {
                scores.picture();
                double difficulty = random.nextDouble() < 0.7 ? 0.95 : 0.1;
                for (int i = 1 + random.nextInt(5); i > 0; i--) {
                    scores.add(Family.OCR, random.nextDouble() < difficulty);
                }
            }
            double truth = 0.7 * 0.95 + 0.3 * 0.1;
            hold += holds(scores.interval(Family.OCR), truth);
            average += holds(scores.averageInterval(), truth);
        }
        assertThat((double) hold / runs).isBetween(0.93, 0.97);
        assertThat((double) average / runs).isGreaterThan(0.93);
    }

    private static int holds(Interval interval, double truth) {
        return interval.low() <= truth && truth <= interval.high() ? 1 : 0;
    }

    private static double width(Interval interval) {
        return interval.high() - interval.low();
    }
}
