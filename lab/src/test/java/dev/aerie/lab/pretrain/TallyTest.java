package dev.aerie.lab.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TallyTest {

    @Test
    void scoresPicturesTogether() {
        assertThat(Tally.share(List.of(new Tally(2, 4), new Tally(0, 6)))).isCloseTo(0.2, within(1e-12));
        assertThat(Tally.share(List.of(new Tally(0, 0)))).isZero();
    }

    /// F1 of all cells is that of the pictures' tallies, and is what precision and recall say.
    @Test
    void f1IsARatioOfSums() {
        long[] truth = {0, 1, 2, 0, 3, 0};
        long[] found = {0, 1, 1, 2, 3, 0};
        double precision = 2 / 4.0;
        double recall = 2 / 3.0;
        double harmonic = 2 * precision * recall / (precision + recall);
        assertThat(F1.of(truth, found, 0)).isCloseTo(harmonic, within(1e-12));
        var tallies = F1.tallies(truth, found, 0, 3);
        assertThat(tallies).containsExactly(new Tally(2, 4), new Tally(2, 3));
        assertThat(Tally.share(tallies)).isCloseTo(harmonic, within(1e-12));
    }

    /// Pictures are compared with themselves: a gain that is the same in each has an interval of no width, although
    /// pictures differ widely.
    @Test
    void gainsArePaired() {
        var ours =
                IntStream.range(0, 50).mapToObj(i -> new Tally(i % 5 + 1, 10)).toList();
        var theirs = IntStream.range(0, 50).mapToObj(i -> new Tally(i % 5, 10)).toList();
        var gain = Tally.intervalOfGain(ours, theirs);
        assertThat(gain.low()).isCloseTo(0.1, within(1e-9));
        assertThat(gain.high()).isCloseTo(0.1, within(1e-9));
        var alone = Tally.interval(ours);
        assertThat(alone.high() - alone.low()).isGreaterThan(0.03);
        assertThat(Tally.share(ours)).isBetween(alone.low(), alone.high());
    }
}
