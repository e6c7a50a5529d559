package dev.aerie.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// CLIP at another size than it was trained for: its positions are resampled, and learn where they are stored.
class PositionsTest {

    private static final String CLIP = "model.vision_tower.vision_towers.0.vision_tower.vision_model.";
    private static final String POSITIONS = CLIP + "embeddings.position_embedding.weight";
    private static final String FIRST = CLIP + "encoder.layers.0.mlp.fc1.weight";

    @TempDir
    Path folder;

    private Path train(String learn, int side) {
        var recipe = Tiny.recipe(
                "learn=" + learn, "from.inputs={clip-448: " + side + "}", "schedule={kind: constant, steps: 2}");
        return Tiny.run(folder.resolve(learn.length() + "-" + side), recipe, -1).export();
    }

    private static double change(Path result, String name) {
        try (var before = new CheckpointSource(Checkpoint.open(Tiny.CHECKPOINT));
                var after = new CheckpointSource(Checkpoint.open(result));
                var _ = TensorScope.open()) {
            var shape = before.stored(name).orElseThrow();
            assertThat(after.stored(name).orElseThrow()).containsExactly(shape);
            Tensor was = before.parameter(name, shape);
            return after.parameter(name, shape).minus(was).abs().max().item();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {224, 448})
    void theStoredGridLearns(int side) {
        var result = train("{'*': 0, clip-448: 1.0e-3}", side);
        assertThat(change(result, POSITIONS)).isPositive();
        assertThat(change(result, FIRST)).isPositive();
        assertThat(EagleConfig.open(result).mixture().inputs()).isEqualTo(Map.of(Experts.CLIP, side));
    }

    @Test
    void theStoredGridIsFrozenByItsName() {
        var result = train("{'*': 0, clip-448: 1.0e-3, '*position_embedding*': 0}", 448);
        assertThat(change(result, POSITIONS)).isZero();
        assertThat(change(result, FIRST)).isPositive();
    }

    @Test
    void aRecipeKeepsTheSizes() {
        var recipe = Tiny.recipe("from.inputs={clip-448: 224}");
        assertThat(Recipe.parse("copy", recipe.yaml(), List.of()).stages()).isEqualTo(recipe.stages());
        assertThatThrownBy(() -> Tiny.recipe("from.inputs={owl-512: 448}")).hasMessageContaining("'owl-512'");
        assertThatThrownBy(() -> Tiny.recipe("from.inputs={clip-448: 7}")).hasMessageContaining("14 to 4096");
    }
}
