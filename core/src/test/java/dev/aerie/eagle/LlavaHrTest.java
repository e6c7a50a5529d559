package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.image.Picture;
import dev.aerie.tensor.DType;
import dev.aerie.weights.SafetensorsWriter;
import dev.aerie.weights.TensorSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A checkpoint in the layout of LLaVA-HR's authors, all of its tensors by their names and shapes, with
/// random weights. What such a model says is the golden cases' concern; the small ones here have room
/// for its layers alone.
class LlavaHrTest {

    private static final Path SHAPES = Path.of("src/test/resources/shapes/llava-hr-tiny");
    private static final Path WORDS = Path.of("src/test/resources/golden/model/eagle-x2-tiny");

    @TempDir
    private Path folder = Path.of("");

    private void write(String without) throws IOException {
        var random = new Random(7);
        Files.copy(SHAPES.resolve("config.json"), folder.resolve("config.json"));
        for (var file : List.of("tokenizer.model", "tokenizer_config.json", "special_tokens_map.json")) {
            Files.copy(WORDS.resolve(file), folder.resolve(file));
        }
        try (var arena = Arena.ofConfined()) {
            var tensors = new ArrayList<TensorSource>();
            for (var line : Files.readAllLines(SHAPES.resolve("tensors.txt"))) {
                var words = line.split(" ");
                var shape =
                        Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
                var values = arena.allocate(
                        ValueLayout.JAVA_FLOAT, Arrays.stream(shape).reduce(1, Math::multiplyExact));
                for (long i = 0; i < values.byteSize() / Float.BYTES; i++) {
                    values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (0.1 * random.nextGaussian()));
                }
                if (!words[0].equals(without)) {
                    tensors.add(TensorSource.of(words[0], DType.F32, shape, values));
                }
            }
            SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        }
    }

    private static Answer ask(Eagle eagle, Picture picture) {
        var question = new Question("What is it?", List.of(picture));
        return eagle.ask(question, AnswerOptions.DEFAULT.withMaxTokens(4), AnswerListener.NONE);
    }

    @Test
    void everyTensorIsUsedAndPicturesAreSeen() throws IOException {
        write("");
        var inspection = Inspection.of(folder);
        assertThat(inspection.misfits()).isEmpty();
        assertThat(inspection.unexpected()).isEmpty();
        try (var eagle = Eagle.open(folder)) {
            var dark = ask(eagle, Picture.filled(90, 60, 0, 0, 9));
            var light = ask(eagle, Picture.filled(90, 60, 255, 240, 9));
            assertThat(dark.logprobs()).isNotEqualTo(light.logprobs());
            for (float value : dark.logprobs()) {
                assertThat(value).isFinite();
            }
        }
    }

    @Test
    void aTensorOfAnAdapterIsMissed() throws IOException {
        var norm = "model.vision_tower.align_stages_latent.0.gate.0.weight";
        write(norm);
        assertThat(Inspection.of(folder).misfits())
                .singleElement()
                .satisfies(misfit -> assertThat(misfit.name()).isEqualTo(norm));
    }
}
