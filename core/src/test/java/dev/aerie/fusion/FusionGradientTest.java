package dev.aerie.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.nn.Manifest;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.ExpertSpec;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every method of fusion on maps of a few numbers, in float64: what it does before, inside and behind the experts, and
/// between the decoder's layers.
class FusionGradientTest {

    private static final List<ExpertSpec> EXPERTS = List.of(Sketch.LEADER, Sketch.STAGED, Sketch.PLAIN);

    @ParameterizedTest
    @EnumSource(Fusions.class)
    void gradientsAreThoseOfTheLoss(Fusions method) {
        try (var source = new Doubles(5)) {
            var fusion = Fusions.make(source, Sketch.setting(EXPERTS), Sketch.small(method));
            var maps = Sketch.maps(source, EXPERTS, 2);
            int row = 4 + 2 * fusion.spec().tokens();
            var hidden = source.input("hidden states", 1, row, Sketch.DECODER.hidden());
            dropUnread(method, source);
            NumericGradient.check(source, () -> {
                var seen = Sketch.through(fusion, maps);
                var decoded = Sketch.decoded(fusion, seen, hidden);
                return Tensors.cat(List.of(seen.tokens().reshape(-1), decoded.reshape(-1)), 0);
            });
        }
    }

    /// Stages that a method does not read have no gradient.
    private static void dropUnread(Fusions method, Doubles source) {
        boolean reads = switch (method) {
            case MINI_GEMINI, DEFORMABLE, SVA, SVA_SEPARATE -> true;
            default -> false;
        };
        if (!reads) {
            Objects.requireNonNull(source.made().remove("map of convnext0")).close();
        }
    }

    @ParameterizedTest
    @EnumSource(Fusions.class)
    void theSpecSaysWhatComesOutAndWhatIsLearned(Fusions method) {
        var manifest = new Manifest();
        var setting = Sketch.setting(EXPERTS);
        var spec = Fusions.make(manifest, setting, Sketch.small(method)).spec();
        assertThat(spec.parameters())
                .isEqualTo(manifest.entries().stream()
                        .mapToLong(Manifest.Entry::elements)
                        .sum());
        assertThat(manifest.entries())
                .allSatisfy(entry -> assertThat(Fusions.owns("model." + entry.name()))
                        .describedAs(entry.name())
                        .isTrue());
        assertThat(spec.experts()).isEqualTo(EXPERTS.size());
        assertThat(spec.projected()).isEqualTo(spec.channels() == Sketch.DECODER.hidden());
        try (var source = new Doubles(6);
                var _ = TensorScope.open()) {
            var fusion = Fusions.make(source, setting, Sketch.small(method));
            var seen = Sketch.through(fusion, Sketch.maps(source, EXPERTS, 2));
            assertThat(seen.tokens().shape()).containsExactly(2, spec.tokens(), spec.channels());
            boolean learns = !manifest.entries().isEmpty();
            assertThat(spec.work().picture() > 0).isEqualTo(learns);
        }
    }
}
