package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.fusion.DecoderShape;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.Grafted;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.vision.EvaClip;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Mixtures of the experts of one checkpoint, in any order.
class MixtureTest {

    private static final List<String> ALL =
            List.of("clip-448", "convnext-1024", "sam-1024", "det-1024", "pix2struct-1024");

    private static final String TOWERS = "vision_tower.vision_towers.";

    private static final DecoderShape DECODER = new DecoderShape(64, 1, 1, 64, 1e-6);

    @AutoClose
    private static final CheckpointSource SOURCE = new CheckpointSource(Checkpoint.open(Tiny.X5));

    @AutoClose
    private static final CheckpointSource EVA_CLIP = stored("eva-clip-64");

    @AutoClose
    private static final CheckpointSource INTERNVIT = stored("internvit-64");

    /// Experts that the checkpoint has not got.
    private static final Map<String, ParameterSource> OTHERS =
            Map.of("eva-clip-336", EvaClip.named(EVA_CLIP), "internvit-448", INTERNVIT);

    private static CheckpointSource stored(String name) {
        var folder = Path.of("src/test/resources/golden/vision").resolve(name);
        return new CheckpointSource(Checkpoint.open(folder.resolve("weights.safetensors")));
    }

    /// Lends tower `i` of a mixture the parameters of tower `places[i]` of the checkpoint.
    private record Reordered(ParameterSource model, List<Integer> places) implements ParameterSource {

        private String name(String name) {
            var place = name.substring(TOWERS.length());
            int dot = place.indexOf('.');
            return TOWERS + places.get(Integer.parseInt(place.substring(0, dot))) + place.substring(dot);
        }

        @Override
        public Tensor parameter(String name, long... shape) {
            return model.parameter(name(name), shape);
        }

        @Override
        public void unused(String name, long... shape) {}

        @Override
        public void buffer(String name, long... shape) {}

        @Override
        public Optional<long[]> stored(String name) {
            return model.stored(name(name));
        }

        @Override
        public boolean isStored() {
            return true;
        }
    }

    private TensorScope scope = TensorScope.open();
    private Tensor pixels = Tensor.zeros(DType.F32, 1);

    @BeforeEach
    void open() {
        scope = TensorScope.open();
        Torch.seed(1);
        pixels = Tensor.normal(1, DType.F32, 1, 3, Mixture.Shape.PUBLISHED.input(), Mixture.Shape.PUBLISHED.input());
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Mixture mixture(String names, int clipInput) {
        var towers = List.of(names.split(";"));
        ParameterSource model = new Reordered(
                SOURCE.at("model"), towers.stream().map(ALL::indexOf).toList());
        for (int i = 0; i < towers.size(); i++) {
            var other = OTHERS.get(towers.get(i));
            model = other == null ? model : new Grafted(model, TOWERS + i + ".vision_tower.", other);
        }
        var shape = new Mixture.Shape(1024, 32, Map.of(Experts.EVA_CLIP, 80, Experts.INTERNVIT, 64));
        return mixture(model, names, shape.withClip(clipInput));
    }

    private static Mixture mixture(ParameterSource model, String names, Mixture.Shape shape) {
        return Mixture.of(model, names, shape, "mlp2x_gelu", DECODER);
    }

    private static Tensor tokens(Mixture mixture, Tensor pixels, Progress progress) {
        return mixture.encode(pixels, progress).tokens();
    }

    private static double difference(Tensor a, Tensor b) {
        assertThat(a.shape()).containsExactly(b.shape());
        return a.minus(b).abs().max().item();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sam-1024;clip-448",
                "pix2struct-1024;clip-448",
                "eva-clip-336;clip-448;internvit-448",
                "internvit-448;eva-clip-336"
            })
    void channelsFollowTheOrderOfTheNames(String names) {
        var heard = new ArrayList<String>();
        var mixture = mixture(names, 336);
        var tokens = tokens(mixture, pixels, (what, done, total) -> heard.add(what + done + total));
        assertThat(tokens.shape()).containsExactly(1, mixture.tokens(), mixture.channels());
        assertThat(heard).hasSize(mixture.experts().size());
        long start = 0;
        for (var name : names.split(";")) {
            var alone = tokens(mixture(name, 336), pixels, Progress.SILENT);
            assertThat(difference(tokens.narrow(2, start, alone.size(2)), alone))
                    .isZero();
            assertThat(alone.deviation().item()).isGreaterThan(1e-3);
            start += alone.size(2);
        }
        assertThat(start).isEqualTo(mixture.channels());
    }

    @ParameterizedTest
    @ValueSource(ints = {224, 448, 672})
    void clipTakesOtherSizes(int side) {
        var paper = mixture("clip-448", side);
        assertThat(paper.experts().getFirst().input()).isEqualTo(side);
        assertThat(paper.experts().getFirst().grid()).isEqualTo(side / 14);
        var released = tokens(mixture("clip-448", 336), pixels, Progress.SILENT);
        var tokens = tokens(paper, pixels, Progress.SILENT);
        assertThat(tokens.shape()).containsExactly(1, 1024, paper.channels());
        assertThat(difference(tokens, released)).isGreaterThan(1e-2);
    }

    @Test
    void aWholeModelLooksThrough448Pixels() {
        var options = new LoadOptions(DType.F32, 448, Optional.empty(), Progress.SILENT, false);
        try (var eagle = Eagle.open(Tiny.X2, options)) {
            var tower = eagle.model().vision().orElseThrow().tower();
            assertThat(tower.experts().getFirst().input()).isEqualTo(448);
            assertThat(tower.tokens()).isEqualTo(1024);
        }
    }

    @Test
    void unknownExpertsAndWrongTowersAreNamed() {
        assertThatThrownBy(() -> Experts.parse("clip-448;owl-512"))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("'owl-512'")
                .hasMessageContaining("convnext-1024");
        var model = SOURCE.at("model");
        assertThatThrownBy(() -> mixture(model, "convnext-1024;clip-448", Mixture.Shape.PUBLISHED))
                .isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> mixture(model, String.join(";", ALL) + ";dinov2-448", Mixture.Shape.PUBLISHED))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("tower string");
    }
}
