package dev.aerie.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.tensor.TensorScope;
import org.junit.jupiter.api.Test;

/// Angles against values worked out by the formulas of `transformers`.
class RopeTest {

    private static double[] cosines(Rope rope, int position, int length) {
        try (var _ = TensorScope.open()) {
            var floats = rope.angles(new int[][] {{0, position}}, length).cos().toFloats();
            var second = new double[rope.width()];
            for (int d = 0; d < second.length; d++) {
                second[d] = floats[rope.width() + d];
            }
            return second;
        }
    }

    private static void assertAngles(Rope rope, int position, int length, double... frequencies) {
        var cosines = cosines(rope, position, length);
        assertThat(frequencies).hasSize(rope.width() / 2);
        for (int d = 0; d < cosines.length; d++) {
            double angle = position * frequencies[d % frequencies.length];
            assertThat(cosines[d]).describedAs("channel " + d).isCloseTo(Math.cos(angle), within(1e-5));
        }
    }

    @Test
    void plain() {
        assertAngles(new Rope(8, 10_000, Rope.Scaling.NONE), 13, 14, 1, 0.1, 0.01, 0.001);
    }

    @Test
    void linearDividesPositions() {
        assertAngles(new Rope(8, 10_000, new Rope.Scaling.Linear(4)), 13, 14, 0.25, 0.025, 0.0025, 0.00025);
    }

    @Test
    void dynamicLeavesTheTrainedLengthAlone() {
        assertAngles(new Rope(8, 10_000, new Rope.Scaling.Dynamic(2, 100)), 13, 100, 1, 0.1, 0.01, 0.001);
    }

    /// base = 10000 · (2 · 200 / 100 − 1)^(8/6) = 10000 · 3^(4/3) = 43267.487
    @Test
    void dynamicGrowsTheBase() {
        double base = 10_000 * Math.cbrt(81);
        assertThat(base).isCloseTo(43_267.487, within(1e-3));
        assertAngles(
                new Rope(8, 10_000, new Rope.Scaling.Dynamic(2, 100)),
                13,
                200,
                1,
                Math.pow(base, -0.25),
                Math.pow(base, -0.5),
                Math.pow(base, -0.75));
    }

    /// Wavelengths 2π, 20π, 200π, 2000π with trained 512, low 1, high 4: below 128 kept, above 512 divided; none lies
    /// between in this table, so the next test blends.
    @Test
    void llama3KeepsShortWavesAndStretchesLongOnes() {
        var rope = new Rope(8, 10_000, new Rope.Scaling.Llama3(8, 1, 4, 512));
        assertAngles(rope, 13, 14, 1, 0.1, 0.01 / 8, 0.001 / 8);
    }

    /// Wavelength 200π = 628.3 of trained 1024: smooth = (1024 / 628.319 − 1) / 3 = 0.209914
    @Test
    void llama3BlendsBetween() {
        var rope = new Rope(8, 10_000, new Rope.Scaling.Llama3(8, 1, 4, 1024));
        double smooth = 0.209914;
        assertAngles(rope, 13, 14, 1, 0.1, (1 - smooth) * 0.01 / 8 + smooth * 0.01, 0.001 / 8);
    }
}
