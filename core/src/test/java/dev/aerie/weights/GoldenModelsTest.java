package dev.aerie.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The golden checkpoints, read whole and compared with sums that PyTorch computed in float64.
class GoldenModelsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @ParameterizedTest
    @CsvSource({
        "eagle-x2-tiny, 1, 145, 671256, 1123.2688675152413, 87275.16233810812",
        "eagle-x4-tiny-llama3, 2, 247, 4256464, 512686.3197707534, 1073263.043870151",
        "eagle-x5-tiny, 2, 286, 3525648, 512651.99165117834, 1020196.1418050462",
    })
    void holdsTheNumbersThatPyTorchReads(
            String model, int files, int tensors, long elements, double sum, double magnitude) {
        var folder = GOLDEN.resolve("model").resolve(model);
        try (var checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.files()).hasSize(files);
            assertThat(checkpoint.names()).hasSize(tensors);
            assertThat(checkpoint.headers().stream()
                            .mapToLong(TensorHeader::elements)
                            .sum())
                    .isEqualTo(elements);
            var values = checkpoint.names().stream()
                    .flatMapToDouble(name ->
                            Arrays.stream(Numbers.values(checkpoint.find(name).orElseThrow())))
                    .toArray();
            assertThat(Arrays.stream(values).sum()).isCloseTo(sum, within(1e-6));
            assertThat(Arrays.stream(values).map(Math::abs).sum()).isCloseTo(magnitude, within(1e-6));
        }
    }
}
