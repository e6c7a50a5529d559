package dev.aerie.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.Manifest;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// EVA-CLIP and InternViT beside their golden cases: sizes, and what does not fit.
class ClassTokenExpertsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/vision");

    @AutoClose
    private static final CheckpointSource EVA = stored("eva-clip-64");

    @AutoClose
    private static final CheckpointSource INTERN = stored("internvit-64");

    @AutoClose
    private static final CheckpointSource NORMED = stored("internvit-normed-64");

    private TensorScope scope = TensorScope.open();

    @BeforeEach
    void open() {
        scope = TensorScope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static CheckpointSource stored(String name) {
        return new CheckpointSource(Checkpoint.open(GOLDEN.resolve(name).resolve("weights.safetensors")));
    }

    private static VisionExpert expert(String name, int input) {
        return switch (name) {
            case "eva-clip" -> Experts.EVA_CLIP.make(EvaClip.named(EVA), input);
            case "internvit" -> Experts.INTERNVIT.make(INTERN, input);
            default -> Experts.INTERNVIT.make(NORMED, input);
        };
    }

    private static Tensor pixels(int height, int width) {
        Torch.seed(7);
        return Tensor.normal(1, DType.F32, 1, 3, height, width);
    }

    @ParameterizedTest
    @CsvSource({"eva-clip, 64, 80", "eva-clip, 80, 48", "internvit, 64, 48", "internvit, 48, 80", "normed, 64, 72"})
    void takesOtherSizesThanItWasMadeFor(String name, int made, int given) {
        var pixels = pixels(given, given);
        var seen = expert(name, made).encode(pixels);
        var expected = expert(name, given);
        assertThat(seen.height()).isEqualTo(expected.spec().grid()).isEqualTo(given / 8);
        assertThat(seen.tokens().shape())
                .containsExactly(
                        1, seen.height() * seen.width(), expected.spec().channels());
        assertThat(seen.tokens().toFloats())
                .isEqualTo(expected.encode(pixels).tokens().toFloats());
        assertThat(seen.tokens().deviation().item()).isGreaterThan(0.1);
    }

    @Test
    void formAndSizesAreReadOffTheCheckpoint() {
        assertThat(InternVit.Size.of(INTERN)).isEqualTo(new InternVit.Size(64, 2, 64, 8, 8, InternVit.Form.LAYER_NORM));
        assertThat(InternVit.Size.of(NORMED)).isEqualTo(new InternVit.Size(128, 1, 16, 8, 8, InternVit.Form.RMS_NORM));
        assertThat(EvaClip.Size.of(EvaClip.named(EVA))).isEqualTo(new EvaClip.Size(64, 2, 80, 8, 8, 8));
    }

    /// What comes before the map is not turned, and the map is turned as without it.
    @Test
    void aClassTokenHasNoPlace() {
        var rope = new PlaneRope(3, 16);
        var alone = rope.angles(0);
        var behind = rope.angles(1);
        assertThat(behind.cos().select(0, 0).toFloats()).hasSize(64).containsOnly(1);
        assertThat(behind.sin().select(0, 0).toFloats()).hasSize(64).containsOnly(0);
        assertThat(behind.cos().narrow(0, 1, 9).toFloats())
                .isEqualTo(alone.cos().toFloats());
        assertThat(behind.sin().narrow(0, 1, 9).toFloats())
                .isEqualTo(alone.sin().toFloats());
    }

    /// As timm and transformers count them; EVA-CLIP with the layer that leads to the words' space.
    @Test
    void publishedSizesHaveThePublishedParameters() {
        assertThat(parameters(source -> new EvaClip(source, EvaClip.Size.LARGE_336, 336)))
                .isEqualTo(304_432_832);
        assertThat(parameters(source -> new InternVit(source, InternVit.Size.SMALL_448, 448)))
                .isEqualTo(304_012_288);
        assertThat(parameters(source -> new InternVit(source, InternVit.Size.LARGE_448, 448)))
                .isEqualTo(5_536_496_000L);
        assertThat(InternVit.Size.LARGE_448.heads()).isEqualTo(25);
    }

    private static long parameters(Function<ParameterSource, VisionExpert> make) {
        var manifest = new Manifest();
        var _ = make.apply(manifest);
        return manifest.entries().stream()
                .filter(entry -> entry.role() != Manifest.Role.BUFFER)
                .mapToLong(Manifest.Entry::elements)
                .sum();
    }

    @Test
    void whatDoesNotFitIsRefused() {
        var eva = EvaClip.named(EVA);
        var manifest = new Manifest();
        var plain = InternVit.Form.LAYER_NORM;
        refused(() -> new EvaClip(eva, new EvaClip.Size(64, 2, 81, 8, 8, 8), 64), "fc1_g", "[80, 64]", "[81, 64]");
        refused(() -> new EvaClip(eva, new EvaClip.Size(64, 2, 80, 8, 7, 8), 64), "pos_embed", "[1, 65, 64]");
        refused(() -> new EvaClip(eva, new EvaClip.Size(64, 3, 80, 8, 8, 8), 64), "blocks.2.attn");
        refused(() -> new EvaClip(manifest, new EvaClip.Size(96, 1, 8, 8, 8, 0), 64), "96 channels");
        refused(() -> new InternVit(INTERN, new InternVit.Size(64, 2, 65, 8, 8, plain), 64), "mlp.fc1", "[65, 64]");
        refused(() -> new InternVit(NORMED, new InternVit.Size(128, 1, 16, 8, 8, plain), 64), "norm1.bias");
        refused(() -> new InternVit(manifest, new InternVit.Size(96, 1, 8, 8, 8, plain), 64), "96 channels");
        refused(() -> Experts.INTERNVIT.make(EVA, 64), "embeddings.patch_embedding.weight", "tower string");
        refused(() -> Experts.EVA_CLIP.make(INTERN, 64), "patch_embed.proj.weight", "tower string");
        refused(() -> expert("eva-clip", 64).encode(pixels(64, 80)), "64 x 80", "square");
    }

    private static void refused(ThrowingCallable making, String... words) {
        assertThatThrownBy(making)
                .isInstanceOf(AerieException.class)
                .message()
                .hasLineCount(1)
                .contains(words);
    }
}
