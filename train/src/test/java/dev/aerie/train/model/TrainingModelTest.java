package dev.aerie.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Mixture;
import dev.aerie.image.Aspect;
import dev.aerie.language.LlamaConfig;
import dev.aerie.language.Rope;
import dev.aerie.nn.Between;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.start.Initial;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainingModelTest {

    private static final int LONGEST = 8;
    private static final int WIDTH = 16;
    private static final EagleConfig CONFIG = new EagleConfig(
            "LlamaForCausalLM",
            new LlamaConfig(
                    WIDTH,
                    1,
                    2,
                    2,
                    8,
                    24,
                    40,
                    1e-5,
                    new Rope(8, 10_000, Rope.Scaling.NONE),
                    LONGEST,
                    true,
                    false,
                    false),
            "",
            Mixture.Shape.PUBLISHED,
            "linear",
            Aspect.PAD,
            Set.of(2),
            LONGEST);

    private static Sample sample(int[] ids, int[][] also) {
        return new Sample("row", ids, ids, new int[ids.length], also, Optional.empty());
    }

    /// A position's further tokens are added to its own, in the right row and place, and the gradient reaches them.
    @Test
    void furtherTokensAreAdded() {
        var plain = new Sample("plain", new int[] {5, 6}, new int[] {5, 6}, new int[2], Optional.empty());
        var more = sample(new int[] {7, 8, 9}, new int[][] {{}, {10, 11}, {}});
        Torch.seed(5);
        try (var origin = new Initial();
                var parameters = new Parameters(origin, _ -> true, DType.F32);
                var _ = TensorScope.open()) {
            var model = new TrainingModel(
                    EagleModel.of(parameters, CONFIG, 0), DType.F32, Viewing.NONE, _ -> false, false, LONGEST);
            var batch = Batch.of(List.of(plain, more), LONGEST);
            var embedded = model.input(batch, Between.NOTHING).row().detach().toFloats(); // [2, 3, C]
            var table = parameters
                    .parameter("model.embed_tokens.weight", 40, WIDTH)
                    .detach()
                    .toFloats();
            for (int c = 0; c < WIDTH; c++) {
                assertThat(embedded[WIDTH + c]).isEqualTo(table[6 * WIDTH + c]);
                assertThat(embedded[3 * WIDTH + c]).isEqualTo(table[7 * WIDTH + c]);
                assertThat(embedded[4 * WIDTH + c])
                        .isCloseTo(table[8 * WIDTH + c] + table[10 * WIDTH + c] + table[11 * WIDTH + c], within(1e-6f));
                assertThat(embedded[5 * WIDTH + c]).isEqualTo(table[9 * WIDTH + c]);
            }
            model.learn(batch, 1);
            var gradient = parameters
                    .parameter("model.embed_tokens.weight", 40, WIDTH)
                    .gradient()
                    .orElseThrow()
                    .toFloats();
            assertThat(gradient[10 * WIDTH]).isNotZero();
        }
    }

    /// What lies behind the longest row is cut with its further tokens.
    @Test
    void furtherTokensAreCutWithTheirRow() {
        var batch = Batch.of(List.of(sample(new int[] {7, 8, 9}, new int[][] {{}, {10}, {11}})), 2);
        assertThat(batch.also()[0]).isDeepEqualTo(new int[][] {{}, {10}});
    }
}
