package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    @AutoClose
    private static final CheckpointSource SOURCE = new CheckpointSource(Checkpoint.open(Tiny.X5));

    /// Lends tower `i` of a mixture the parameters of tower `places[i]` of the checkpoint.
    private record Reordered(ParameterSource towers, List<Integer> places) implements ParameterSource {

        private String name(String name) {
            int dot = name.indexOf('.');
            return places.get(Integer.parseInt(name.substring(0, dot))) + name.substring(dot);
        }

        @Override
        public Tensor parameter(String name, long... shape) {
            return towers.parameter(name(name), shape);
        }

        @Override
        public void unused(String name, long... shape) {}

        @Override
        public void buffer(String name, long... shape) {}

        @Override
        public Optional<long[]> stored(String name) {
            return towers.stored(name(name));
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
        var places = Arrays.stream(names.split(";")).map(ALL::indexOf).toList();
        return Mixture.of(
                new Reordered(SOURCE.at("model.vision_tower.vision_towers"), places),
                names,
                Mixture.Shape.PUBLISHED.withClip(clipInput));
    }

    private static double difference(Tensor a, Tensor b) {
        assertThat(a.shape()).containsExactly(b.shape());
        return a.minus(b).abs().max().item();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sam-1024;clip-448", "pix2struct-1024;clip-448"})
    void channelsFollowTheOrderOfTheNames(String names) {
        var heard = new ArrayList<String>();
        var mixture = mixture(names, 336);
        var tokens = mixture.encode(pixels, (what, done, total) -> heard.add(what + done + total));
        assertThat(tokens.shape()).containsExactly(1, mixture.tokens(), mixture.channels());
        assertThat(heard).hasSize(mixture.experts().size());
        long start = 0;
        for (var name : names.split(";")) {
            var alone = mixture(name, 336).encode(pixels, Progress.SILENT);
            assertThat(difference(tokens.narrow(2, start, alone.size(2)), alone))
                    .isZero();
            assertThat(alone.deviation().item()).isGreaterThan(1e-3);
            start += alone.size(2);
        }
        assertThat(start).isEqualTo(mixture.channels());
    }

    @Test
    void clipTakes448Pixels() {
        var paper = mixture("clip-448", 448);
        assertThat(paper.experts().getFirst().input()).isEqualTo(448);
        assertThat(paper.experts().getFirst().grid()).isEqualTo(32);
        var released = mixture("clip-448", 336).encode(pixels, Progress.SILENT);
        var tokens = paper.encode(pixels, Progress.SILENT);
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
        var towers = SOURCE.at("model.vision_tower.vision_towers");
        assertThatThrownBy(() -> Mixture.of(towers, "convnext-1024;clip-448", Mixture.Shape.PUBLISHED))
                .isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> Mixture.of(towers, String.join(";", ALL) + ";dinov2-448", Mixture.Shape.PUBLISHED))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("tower string");
    }
}
