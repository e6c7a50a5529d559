package dev.aerie.lab.radio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.nn.MadeSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.vision.FeatureMap;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Head and losses beside PyTorch's `layer_norm`, `gelu`, `interpolate(mode="bilinear", align_corners=True)`, `MSELoss`
/// and `CosineSimilarity` in float64, over numbers that are `sin(step · i) / 2`; parameter `k` of the head, counted
/// from 1 in the order of asking, has the step `k / 10`.
class MatchingTest {

    private static final double PRECISE = 1e-5;

    private static Tensor wave(double step, long... shape) {
        var values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (Math.sin(step * i) / 2);
        }
        return Tensor.of(values, shape);
    }

    private static final class Waves implements MadeSource {

        private int asked;

        @Override
        public Tensor parameter(String name, long... shape) {
            return wave(0.1 * ++asked, shape);
        }
    }

    @Test
    void agreesWithPyTorch() {
        try (var _ = TensorScope.open()) {
            var said = new Head(new Waves(), 8, 6, 1, 4).apply(wave(1.3, 2, 4, 8));
            var values = said.toFloats();
            assertThat(new float[] {values[0], values[5], values[17], values[31]})
                    .containsExactly(
                            new float[] {0.645860860f, 0.794076892f, 0.788540648f, -0.221234928f},
                            within((float) PRECISE));

            var map = new FeatureMap(said, 2, 2);
            var finer = new FeatureMap(wave(2.1, 2, 9, 4), 3, 3);
            assertThat(Matching.of(map, finer).loss().item()).isCloseTo(0.470136766, within(PRECISE));
            var coarser = new FeatureMap(wave(2.1, 2, 1, 4), 1, 1);
            assertThat(Matching.of(map, coarser).loss().item()).isCloseTo(0.496474539, within(PRECISE));
            var summary = Matching.summaryLoss(said.mean(1), finer.tokens().mean(1));
            assertThat(summary.item()).isCloseTo(0.669124356, within(PRECISE));
        }
    }
}
