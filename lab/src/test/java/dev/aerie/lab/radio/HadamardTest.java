package dev.aerie.lab.radio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HadamardTest {

    /// Sylvester's, Paley's of both kinds (12 and 20; 28, 36 and 76), their products, and widths of published encoders.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 12, 20, 24, 28, 36, 64, 76, 96, 128, 192, 384, 768, 1152, 1280, 1408})
    void isOrthogonalWithEntriesOfOneSize(int n) {
        var matrix = Hadamard.of(n);
        for (double entry : matrix) {
            assertThat(Math.abs(entry)).isCloseTo(1 / Math.sqrt(n), within(1e-12));
        }
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j += Math.max(1, n / 100)) {
                double product = 0;
                for (int k = 0; k < n; k++) {
                    product += matrix[i * n + k] * matrix[j * n + k];
                }
                assertThat(product).isCloseTo(i == j ? 1 : 0, within(1e-9));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6, 66, 92, 97})
    void refusesOrdersThatItCannotMake(int n) {
        assertThatThrownBy(() -> Hadamard.of(n))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(n + " channels");
    }
}
