package dev.aerie.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenPoolingTest {

    private static final int CHANNELS = 3;

    /// Each cell is the mean of the tokens from the floor of where it begins to the ceiling of where it ends.
    @ParameterizedTest
    @CsvSource({"8, 8, 4", "6, 9, 3", "5, 7, 3", "2, 11, 4", "1, 3, 2"})
    void everyCellIsAMean(int height, int width, int side) {
        Torch.seed(2);
        try (var _ = TensorScope.open()) {
            var tokens = Tensor.normal(1, DType.F32, 2, height * width, CHANNELS);
            var pooled = new TokenPooling(side).apply(tokens, height, width);
            assertThat(pooled.shape()).containsExactly(2, side * side, CHANNELS);
            var in = tokens.toFloats();
            var out = pooled.toFloats();
            for (int b = 0; b < 2; b++) {
                for (int y = 0; y < side; y++) {
                    for (int x = 0; x < side; x++) {
                        for (int c = 0; c < CHANNELS; c++) {
                            double sum = 0;
                            int count = 0;
                            for (int i = y * height / side; i < Math.ceil((y + 1.0) * height / side); i++) {
                                for (int j = x * width / side; j < Math.ceil((x + 1.0) * width / side); j++) {
                                    sum += in[((b * height + i) * width + j) * CHANNELS + c];
                                    count++;
                                }
                            }
                            assertThat((double) out[((b * side + y) * side + x) * CHANNELS + c])
                                    .isCloseTo(sum / count, within(1e-5));
                        }
                    }
                }
            }
        }
    }

    @Test
    void aMapOfTheSizeStaysAndAnotherCountIsRefused() {
        try (var _ = TensorScope.open()) {
            var tokens = Tensor.normal(1, DType.F32, 1, 16, CHANNELS);
            assertThat(new TokenPooling(4).apply(tokens, 4, 4)).isSameAs(tokens);
            assertThatThrownBy(() -> new TokenPooling(2).apply(tokens, 3, 5))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("5x3");
        }
    }
}
