package dev.aerie.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.Mixture;
import dev.aerie.eagle.PublishedModel;
import dev.aerie.fusion.Fusions;
import dev.aerie.language.LlamaConfig;
import dev.aerie.language.Rope;
import dev.aerie.tensor.DType;
import dev.aerie.vision.Experts;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FusionBenchTest {

    private static final int WORDS = 6;

    /// CLIP in its published size over a picture of 2 x 2 patches, before a decoder of 4 layers and 128 channels.
    private static EagleConfig config() {
        var config = PublishedModel.EAGLE_X5_7B.config();
        var language = config.language();
        var small = new LlamaConfig(
                128,
                4,
                2,
                2,
                64,
                256,
                100,
                language.rmsEpsilon(),
                new Rope(64, 10_000, Rope.Scaling.NONE),
                language.maxPositions(),
                false,
                false,
                false);
        return config.withTowers("clip-448")
                .withLanguage(small)
                .withMixture(new Mixture.Shape(28, 2, Map.of(Experts.CLIP, 28)));
    }

    @Test
    void timesTheWayFromAPictureToTheFirstWord() {
        var bench = new FusionBench(config(), DType.BF16, 4, WORDS, 1);
        var measured = bench.measure(Fusions.FLAMINGO);
        assertThat(measured.encode()).isPositive();
        assertThat(measured.prefill()).isPositive();
        assertThat(measured.seconds()).isEqualTo(measured.encode() + measured.prefill());
        assertThat(bench.planned(Fusions.FLAMINGO).tokens()).isEqualTo(1);
        assertThat(bench.planned(Fusions.CHANNEL_CONCAT).tokens()).isEqualTo(4);
    }

    @Test
    void measuresThePaceOfTheDecoder() {
        var pace = new FusionBench(config(), DType.BF16, 4, 60, 1).pace();
        assertThat(pace.product()).isFinite();
        assertThat(pace.attention()).isFinite();
    }
}
