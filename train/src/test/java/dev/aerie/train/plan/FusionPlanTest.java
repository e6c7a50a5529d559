package dev.aerie.train.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.PublishedModel;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.nn.Manifest;
import dev.aerie.tensor.DType;
import dev.aerie.tiling.TilingChoice;
import dev.aerie.tiling.Tilings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the planner knows of other ways to join the experts of the released model of five.
class FusionPlanTest {

    private static final int ROW = 1100;

    private static ModelShape shape(Fusions method) {
        var config = PublishedModel.EAGLE_X5_7B.config();
        var choice = new FusionChoice(method, Map.of());
        return ModelShape.of(config.withMixture(config.mixture().withFusion(choice)), DType.BF16);
    }

    @ParameterizedTest
    @EnumSource(Fusions.class)
    void everyTensorOfAFusionIsOfTheProjectorsPart(Fusions method) {
        var shape = shape(method);
        var plain = shape(Fusions.CHANNEL_CONCAT);
        assertThat(shape.entries().stream().filter(entry -> shape.part(entry).equals("language")))
                .hasSameSizeAs(plain.entries().stream()
                        .filter(entry -> plain.part(entry).equals("language"))
                        .toList());
        long learned = shape.entries().stream()
                .filter(entry -> shape.part(entry).equals("projector"))
                .mapToLong(Manifest.Entry::elements)
                .sum();
        assertThat(learned).isGreaterThanOrEqualTo(shape.fusion().parameters());
        assertThat(shape.flops("projector", ROW)).isGreaterThan(0);
        assertThat(shape.encoders()).isEqualTo(plain.encoders());
    }

    /// LLaVA-NeXT looks at the whole and at four tiles at most; the three by one beside each other are fewer.
    @Test
    void checkpointsThatLookAtTilesArePlannedForTheirLargestPictures() {
        var shape = ModelShape.of(Path.of("../core/src/test/resources/golden/family/llava-v1.6-tiny"));
        assertThat(shape.most()).isEqualTo(new MostTiles(5, 576 + 48 * 49));
    }

    @ParameterizedTest
    @EnumSource(Tilings.class)
    void everyViewOfATiledPictureIsWork(Tilings method) {
        var config = PublishedModel.EAGLE_X5_7B.config();
        var whole = shape(Fusions.CHANNEL_CONCAT);
        var choice = new TilingChoice(method, 4);
        var tiled = ModelShape.of(config.withTiling(Optional.of(choice)), DType.BF16);
        assertThat(tiled.most().views()).isEqualTo(5);
        assertThat(tiled.flops("clip-448", ROW)).isCloseTo(5 * whole.flops("clip-448", ROW), withinPercentage(1e-9));
        assertThat(tiled.entries())
                .hasSize(whole.entries().size() + choice.published().marks().size());
    }

    /// By hand, for two linear layers to each expert's 1,024 tokens.
    @Test
    void appendedTokensAreProjectedExpertByExpert() {
        var config = PublishedModel.EAGLE_X5_7B.config();
        double hidden = config.language().hidden();
        var tower = EagleModel.of(new Manifest(), config, 336)
                .vision()
                .orElseThrow()
                .tower();
        double expected = tower.experts().stream()
                .mapToDouble(expert -> 2 * 1024 * hidden * (expert.channels() + hidden))
                .sum();
        var shape = shape(Fusions.SEQUENCE_APPEND);
        assertThat(shape.tokens()).isEqualTo(5 * 1024);
        assertThat(shape.flops("projector", ROW)).isCloseTo(expected, within(1.0));
    }

    /// One token stands for a picture, and every position of the row goes through the layers between the decoder's.
    @Test
    void layersBetweenTheDecodersCostByPosition() {
        var shape = shape(Fusions.FLAMINGO);
        assertThat(shape.tokens()).isEqualTo(1);
        double each = shape.flops("projector", 2) - shape.flops("projector", 1);
        var language = PublishedModel.EAGLE_X5_7B.config().language();
        double hidden = language.hidden();
        double layer = 4 * hidden * hidden + 6 * hidden * language.mlp() + 4 * 64 * hidden;
        assertThat(each).isCloseTo(8 * layer, within(1e6)); // behind 32 layers, one in four
    }
}
