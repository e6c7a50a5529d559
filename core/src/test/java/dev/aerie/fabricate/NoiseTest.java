package dev.aerie.fabricate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.eagle.Progress;
import dev.aerie.nn.Manifest;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.PlaneRope;
import dev.aerie.weights.Checkpoint;
import dev.aerie.weights.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NoiseTest {

    @TempDir
    private Path folder = Path.of("");

    /// More than one chunk, and not a multiple of a word.
    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16", "F32"})
    void matricesAreNormal(DType dtype) {
        var values = made("q_proj.weight", dtype, 3, 1_500_001);
        double sum = 0;
        double squares = 0;
        double fourth = 0;
        int equal = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i];
            squares += values[i] * (double) values[i];
            fourth += Math.pow(values[i], 4);
            equal += i >= 1_500_001 && values[i] == values[i - 1_500_001] ? 1 : 0;
        }
        double variance = squares / values.length;
        assertThat(sum / values.length).isCloseTo(0, within(2e-4));
        assertThat(Math.sqrt(variance)).isCloseTo(0.02, within(2e-4));
        assertThat(fourth / values.length / variance / variance).isCloseTo(3, within(0.1));
        assertThat(equal).isLessThan(values.length / 50);
    }

    @Test
    void allElseIsPlausible() {
        assertThat(made("input_layernorm.weight", DType.BF16, 37)).hasSize(37).containsOnly(1f);
        assertThat(made("fc1.bias", DType.F32, 37)).hasSize(37).containsOnly(0f);
        assertThat(made("q_bias", DType.BF16, 3)).containsOnly(0f);
        assertThat(made("stages.2.blocks.29.weight", DType.F32, 5)).containsOnly(0.01f);
        assertThat(made("encoder.layers.3.ls2", DType.BF16, 5)).containsOnly(0.010009766f);
        assertThat(made("class_embedding", DType.F32, 1024)).doesNotContain(1f, 0f);
    }

    @Test
    void rotaryTablesAreWhatTheyMustBe() {
        assertThat(made("rope_win.freqs_cos", DType.F32, 256, 64)).isEqualTo(new PlaneRope(16, 16).table(Math::cos));
        assertThat(made("rope_glb.freqs_sin", DType.F32, 4096, 64)).isEqualTo(new PlaneRope(64, 16).table(Math::sin));
        assertThat(made("rope_win.freqs_cos", DType.BF16, 256, 64))
                .startsWith(1f)
                .contains(0.5390625f);
    }

    private float[] made(String name, DType dtype, long... shape) {
        var file = folder.resolve("one.safetensors");
        try (var noise = new Noise(dtype, 5, new Fabrication.Meter(1, Progress.SILENT))) {
            var tensor = noise.tensor(new Manifest.Entry(name, shape, Manifest.Role.PARAMETER));
            SafetensorsWriter.write(file, List.of(tensor), Map.of());
        }
        try (var checkpoint = Checkpoint.open(file);
                var _ = TensorScope.open()) {
            var stored = checkpoint.find(name).orElseThrow();
            return Tensors.over(stored.data(), stored.dtype(), stored.shape(), stored.strides())
                    .toFloats();
        }
    }
}
