package dev.aerie.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumbersTest {

    @Test
    void numbersAreBrief() {
        assertThat(List.of(0.0, 0.0425, 12.5, 3.0, 999.4, 1250.0, 2_500_000.0, 3.2e9, 2e-5, -0.5, 1e15))
                .extracting(Numbers::brief)
                .containsExactly("0", "0.0425", "12.5", "3", "999", "1,250", "2.5M", "3.2G", "2e-05", "-0.5", "1P");
        assertThat(Numbers.brief(Double.NaN)).isEqualTo("NaN");
    }

    @Test
    void labelsDiffer() {
        assertThat(Numbers.labels(Numbers.ticks(0, 2180, 6))).containsExactly("0", "500", "1,000", "1,500", "2,000");
        assertThat(Numbers.labels(List.of(5.96, 5.965, 5.97))).containsExactly("5.960", "5.965", "5.970");
        assertThat(Numbers.labels(List.of())).isEmpty();
    }

    @Test
    void ticksAreRoundFewAndInside() {
        assertThat(Numbers.ticks(0, 10, 5)).containsExactly(0.0, 2.0, 4.0, 6.0, 8.0, 10.0);
        assertThat(Numbers.ticks(0.1, 0.9, 2)).containsExactly(0.5);
        assertThat(Numbers.ticks(1, 2180, 6)).containsExactly(500.0, 1000.0, 1500.0, 2000.0);
        var random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            double from = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6);
            double to = from + Math.abs(random.nextGaussian()) * Math.pow(10, random.nextInt(12) - 6) + 1e-9;
            assertThat(Numbers.ticks(from, to, 5))
                    .hasSizeLessThanOrEqualTo(6)
                    .allMatch(tick -> tick >= from - (to - from) * 0.01 && tick <= to + (to - from) * 0.01);
        }
    }
}
