package dev.aerie.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The decoder against plain loops in float64, prompt and decode steps.
class LlamaTest {

    private static final int PROMPT = 20;

    private static LlamaConfig config(int kvHeads, Rope.Scaling scaling, boolean tied, boolean biases) {
        return new LlamaConfig(
                48, 2, 4, kvHeads, 16, 80, 37, 1e-5, new Rope(16, 500, scaling), 256, tied, biases, biases);
    }

    private static int[] ids() {
        return new SplittableRandom(3).ints(PROMPT, 0, 37).toArray();
    }

    @ParameterizedTest
    @CsvSource({"4, false, false", "2, false, false", "1, true, false", "2, false, true", "4, true, true"})
    void headsTyingAndBiases(int kvHeads, boolean tied, boolean biases) {
        compare(config(kvHeads, Rope.Scaling.NONE, tied, biases), 5);
    }

    static List<Rope.Scaling> scalings() {
        return List.of(
                new Rope.Scaling.Linear(4),
                new Rope.Scaling.Dynamic(2, 64),
                new Rope.Scaling.Llama3(8, 1, 4, 32),
                new Rope.Scaling.Llama3(2, 1, 8, 200));
    }

    @ParameterizedTest
    @MethodSource("scalings")
    void scalingsOfThePositions(Rope.Scaling scaling) {
        compare(config(2, scaling, false, false), 5);
    }

    /// The base follows the length of the whole prompt, so only the prompt is compared.
    @ParameterizedTest
    @CsvSource({"2, 8", "4, 19", "4, 20"})
    void dynamicScalingBeyondTheTrainedLength(double factor, int trained) {
        compare(config(2, new Rope.Scaling.Dynamic(factor, trained), false, false), 0);
    }

    private static void compare(LlamaConfig config, int steps) {
        try (var source = new RandomSource(11, 0.2);
                var _ = TensorScope.open();
                var cache = new KvCache(config, DType.F32)) {
            var model = new Llama(source, config);
            var plain = new PlainDecoder(config, source);
            var generator = new Generator(model);
            var ids = new ArrayList<>(Arrays.stream(ids()).boxed().toList());
            var prompt =
                    model.embed(Tensor.of(Arrays.stream(ids()).asLongStream().toArray(), 1, PROMPT));
            var scores = generator.prefill(prompt, cache)[0];
            for (int step = 0; ; step++) {
                var expected =
                        plain.scores(ids.stream().mapToInt(Integer::intValue).toArray());
                for (int i = 0; i < expected.length; i++) {
                    assertThat((double) scores[i])
                            .describedAs("step " + step + ", score " + i)
                            .isCloseTo(expected[i], within(2e-4));
                }
                if (step == steps) {
                    return;
                }
                ids.add((7 * step + 2) % config.vocabulary());
                scores = generator.step(new int[] {ids.getLast()}, cache)[0];
            }
        }
    }
}
