package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.fusion.DecoderShape;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Route;
import dev.aerie.fusion.Routes;
import dev.aerie.nn.Beginning;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.Fresh;
import dev.aerie.nn.Overlay;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mixtures that some of the experts look through, and who chooses them.
class RoutesTest {

    private static final String TOWERS = "clip-448;convnext-1024;sam-1024;det-1024;pix2struct-1024";
    private static final ExpertPool POOL = new ExpertPool(
            "{experts} Which of them? {question}",
            "{letter}: {description}.",
            "none",
            2,
            List.of(
                    new ExpertPool.Member("det-1024", "objects"),
                    new ExpertPool.Member("pix2struct-1024", "text"),
                    new ExpertPool.Member("sam-1024", "outlines")));

    /// A checkpoint's experts and an adapter of random numbers.
    private record WithAdapter(ParameterSource under, Fresh adapter) implements Overlay {

        @Override
        public Tensor parameter(String name, long... shape) {
            return name.startsWith("mov_adapter.")
                    ? adapter.parameter(name, Beginning.normal(0.1), shape)
                    : under.parameter(name, shape);
        }

        @Override
        public Optional<long[]> stored(String name) {
            return under.stored(name);
        }
    }

    private static Mixture mixture(CheckpointSource source, Fresh fresh, FusionChoice choice) {
        var shape = new Mixture.Shape(1024, 8, Map.of()).withFusion(choice).withClip(336);
        var decoder = new DecoderShape(64, 1, 1, 64, 1e-6);
        return Mixture.of(new WithAdapter(source.at("model"), fresh), TOWERS, shape, "mlp2x_gelu", decoder);
    }

    @Test
    void onlyThoseLookThatAreAsked() {
        try (var source = new CheckpointSource(Checkpoint.open(Tiny.X5));
                var fresh = new Fresh(DType.F32);
                var _ = TensorScope.open()) {
            Torch.seed(4);
            var choice = new FusionChoice(Fusions.MOVA, Map.of("layers", 1, "heads", 4));
            var mixture = mixture(source, fresh, choice);
            var pixels = Tensor.normal(1, DType.F32, 2, 3, 1024, 1024);
            var routes = List.of(new Route(new TreeSet<>(Set.of(1, 3))), Route.NONE);
            var heard = new ArrayList<String>();
            Progress progress = (what, _, _) -> heard.add(what);
            var both = mixture.encode(pixels, new Routes(routes), progress).tokens();
            assertThat(both.shape()).containsExactly(2, 16, mixture.channels());
            assertThat(heard)
                    .containsExactlyElementsOf(List.of(0, 1, 3).stream()
                            .map(i -> mixture.experts().get(i).name())
                            .toList());
            for (int i = 0; i < 2; i++) {
                var alone = mixture.encode(pixels.narrow(0, i, 1), Routes.of(routes.get(i)), Progress.SILENT)
                        .tokens();
                assertThat(both.narrow(0, i, 1).minus(alone).abs().max().item()).isLessThan(1e-4);
            }
            var all = mixture.encode(pixels, Progress.SILENT).tokens();
            assertThat(all.minus(both).abs().max().item()).isGreaterThan(1e-3);
        }
    }

    @Test
    void othersCannotDoWithSome() {
        try (var source = new CheckpointSource(Checkpoint.open(Tiny.X5));
                var fresh = new Fresh(DType.F32);
                var _ = TensorScope.open()) {
            var plain = mixture(source, fresh, FusionChoice.CHANNEL_CONCAT);
            var pixels = Tensor.zeros(DType.F32, 1, 3, 1024, 1024);
            assertThatThrownBy(() -> plain.encode(pixels, Routes.of(Route.NONE), Progress.SILENT))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("channel-concat")
                    .hasMessageContaining("mova");
        }
    }

    @Test
    void aPoolAsksAndReadsLetters() {
        assertThat(POOL.ask("What is it?")).isEqualTo("a: objects. b: text. c: outlines. Which of them? What is it?");
        assertThat(POOL.answer(List.of("sam-1024", "det-1024"))).isEqualTo("a, c");
        assertThat(POOL.answer(List.of())).isEqualTo("none");
        assertThat(POOL.chosen("a, c")).containsExactly("det-1024", "sam-1024");
        assertThat(POOL.chosen("C,A, b")).containsExactly("sam-1024", "det-1024");
        assertThat(POOL.chosen("none")).isEmpty();
        assertThat(POOL.chosen("b and a, d, a")).isEmpty();
        assertThat(POOL.chosen("b, b")).containsExactly("pix2struct-1024");
    }

    @Test
    void aRouteIsOfTheMixturesPlaces() {
        var towers = List.of(TOWERS.split(";"));
        assertThat(ExpertPool.route(List.of("det-1024", "convnext-1024", "clip-448"), towers)
                        .experts())
                .containsExactly(1, 3);
        assertThatThrownBy(() -> ExpertPool.route(List.of("owl-512"), towers))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("owl-512");
    }

    @Test
    void aPoolIsReadAsItWasWritten(@TempDir Path folder) throws Exception {
        assertThat(ExpertPool.in(folder)).isEmpty();
        POOL.writeTo(folder);
        assertThat(ExpertPool.in(folder)).contains(POOL);
        var file = folder.resolve(ExpertPool.FILE);
        for (var wrong : List.of(
                "[]",
                "{}",
                Files.readString(file).replace("{question}", ""),
                Files.readString(file).replace("sam-1024", "det-1024"),
                Files.readString(file).replace("\"most\" : 2", "\"most\" : -1"),
                Files.readString(file).replace("\"tower\"", "\"name\""))) {
            Files.writeString(file, wrong);
            assertThatThrownBy(() -> ExpertPool.in(folder)).isInstanceOf(AerieException.class);
        }
    }
}
