package dev.aerie.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The draws against the distributions that the filters leave.
class SamplingTest {

    private static final int DRAWS = 20_000;
    /// Probabilities 0.4, 0.3, 0.15, 0.1, 0.05, out of order.
    private static final double[] SHARES = {0.15, 0.4, 0.05, 0.3, 0.1};

    private static float[] logits() {
        var logits = new float[SHARES.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(SHARES[i]) + 3;
        }
        return logits;
    }

    @Test
    void scoresThatAreNoNumbersAreAnError() {
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            var scores = new float[] {wrong, wrong};
            for (var how : new Sampling[] {Sampling.GREEDY, new Sampling(1, 0.7, 0, 1, 0, 1)}) {
                assertThatThrownBy(() -> how.sampler().next(scores, Set.of()))
                        .isInstanceOf(AerieException.class)
                        .hasMessageContaining("the best score is");
            }
        }
    }

    @Test
    void theColdestTakesTheBest() {
        var sampler = new Sampling(1, 1e-40, 0, 1, 0, 1).sampler();
        assertThat(sampler.next(logits(), Set.of())).isEqualTo(1);
    }

    private static double[] frequencies(Sampling sampling, Set<Integer> generated) {
        var sampler = sampling.sampler();
        var counts = new double[SHARES.length];
        for (int i = 0; i < DRAWS; i++) {
            counts[sampler.next(logits(), generated)]++;
        }
        return IntStream.range(0, counts.length)
                .mapToDouble(i -> counts[i] / DRAWS)
                .toArray();
    }

    /// Shares need not add up to 1; those that are 0 must never be drawn. Five standard deviations of a frequency.
    private static void assertDrawn(Sampling sampling, Set<Integer> generated, double... shares) {
        double total =
                IntStream.range(0, shares.length).mapToDouble(i -> shares[i]).sum();
        var drawn = frequencies(sampling, generated);
        for (int i = 0; i < shares.length; i++) {
            double expected = shares[i] / total;
            double error = 5 * Math.sqrt(expected * (1 - expected) / DRAWS);
            assertThat(Math.abs(drawn[i] - expected)).describedAs("token " + i).isLessThanOrEqualTo(error);
        }
    }

    @Test
    void temperatureOneDrawsTheModelsDistribution() {
        assertDrawn(new Sampling(1, 1, 0, 1, 0, 1), Set.of(), SHARES);
    }

    @ParameterizedTest
    @CsvSource({"0.5", "2", "0.25"})
    void temperatureSharpensAndFlattens(double temperature) {
        var shares = new double[SHARES.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.pow(SHARES[i], 1 / temperature);
        }
        assertDrawn(new Sampling(1, temperature, 0, 1, 0, 2), Set.of(), shares);
    }

    @Test
    void topK() {
        assertDrawn(new Sampling(1, 1, 3, 1, 0, 3), Set.of(), 0.15, 0.4, 0, 0.3, 0);
        assertDrawn(new Sampling(1, 1, 50, 1, 0, 3), Set.of(), SHARES);
    }

    @Test
    void topPKeepsTheFewestThatReachIt() {
        assertDrawn(new Sampling(1, 1, 0, 0.69, 0, 4), Set.of(), 0, 0.4, 0, 0.3, 0);
        assertDrawn(new Sampling(1, 1, 0, 0.71, 0, 4), Set.of(), 0.15, 0.4, 0, 0.3, 0);
        assertDrawn(new Sampling(1, 1, 0, 0.01, 0, 4), Set.of(), 0, 1, 0, 0, 0);
    }

    @Test
    void topPActsOnWhatTopKLeaves() {
        // Of 0.4, 0.3, 0.15 the first two hold 82 %.
        assertDrawn(new Sampling(1, 1, 3, 0.81, 0, 5), Set.of(), 0, 0.4, 0, 0.3, 0);
    }

    @Test
    void minPIsRelativeToTheBest() {
        assertDrawn(new Sampling(1, 1, 0, 1, 0.3, 6), Set.of(), 0.15, 0.4, 0, 0.3, 0);
        assertDrawn(new Sampling(1, 1, 0, 1, 1, 6), Set.of(), 0, 1, 0, 0, 0);
    }

    /// Scores are log(share) + 3, positive or not: 0.4 and 0.05 were generated.
    @Test
    void repetitionPenaltyPushesGeneratedTokensDown() {
        double best = Math.exp((Math.log(0.4) + 3) / 1.5 - 3);
        double worst = Math.exp((Math.log(0.05) + 3) / 1.5 - 3);
        assertDrawn(new Sampling(1.5, 1, 0, 1, 0, 7), Set.of(1, 2), 0.15, best, worst, 0.3, 0.1);
    }

    @Test
    void repetitionPenaltyMultipliesNegativeScores() {
        var greedy = new Sampling(1.5, 0, 0, 1, 0, 0).sampler();
        assertThat(greedy.next(new float[] {-1, -1.4f, -3}, Set.of(0))).isEqualTo(1);
        assertThat(greedy.next(new float[] {-1, -1.6f, -3}, Set.of(0))).isEqualTo(0);
        assertThat(greedy.next(new float[] {3, 2.1f}, Set.of(0))).isEqualTo(1);
    }

    @Test
    void greedyTakesTheBestAndTopKOneDoesToo() {
        assertThat(Sampling.GREEDY.sampler().next(logits(), Set.of())).isEqualTo(1);
        assertDrawn(new Sampling(1, 5, 1, 1, 0, 8), Set.of(), 0, 1, 0, 0, 0);
    }

    @Test
    void theSeedDecides() {
        var one = new Sampling(1, 1, 0, 1, 0, 9).sampler();
        var same = new Sampling(1, 1, 0, 1, 0, 9).sampler();
        var other = new Sampling(1, 1, 0, 1, 0, 10).sampler();
        var draws = new int[3][100];
        for (int i = 0; i < 100; i++) {
            draws[0][i] = one.next(logits(), Set.of());
            draws[1][i] = same.next(logits(), Set.of());
            draws[2][i] = other.next(logits(), Set.of());
        }
        assertThat(draws[0]).containsExactly(draws[1]).isNotEqualTo(draws[2]);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0, 1, 0, repetition penalty",
        "1, -1, 0, 1, 0, temperature",
        "1, 1, -1, 1, 0, top-k",
        "1, 1, 0, 0, 0, top-p",
        "1, 1, 0, 1.1, 0, top-p",
        "1, 1, 0, 1, 1.1, min-p",
        "1, NaN, 0, 1, 0, temperature"
    })
    void refusesWhatMeansNothing(double penalty, double temperature, int k, double p, double minP, String name) {
        assertThatThrownBy(() -> new Sampling(penalty, temperature, k, p, minP, 0))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("cannot sample with " + name);
    }

    @Test
    void optionsRefuseNoTokensAndNoBeams() {
        assertThatThrownBy(() -> new GenerationOptions(0, Set.of(), Sampling.GREEDY, 1))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("0 tokens");
        assertThatThrownBy(() -> new GenerationOptions(1, Set.of(), Sampling.GREEDY, 0))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("0 beams");
    }
}
