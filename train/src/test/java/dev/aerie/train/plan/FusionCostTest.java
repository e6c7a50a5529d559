package dev.aerie.train.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.bench.Blocks;
import dev.aerie.bench.Work;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.PublishedModel;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.tensor.DType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FusionCostTest {

    private static final int WORDS = 76;

    private static EagleConfig config(Fusions method) {
        var config = PublishedModel.EAGLE_X5_7B.config();
        return config.withMixture(config.mixture().withFusion(new FusionChoice(method, Map.of())));
    }

    private static FusionCost cost(Fusions method) {
        return FusionCost.of(config(method), WORDS);
    }

    /// By hand: the projector's two layers over 1,024 tokens, and 2 operations for each weight and position, besides
    /// attention to half of the row.
    @Test
    void channelsSideBySideCostTheProjectorAlone() {
        var cost = cost(Fusions.CHANNEL_CONCAT);
        var model = ModelShape.of(config(Fusions.CHANNEL_CONCAT), DType.BF16);
        double experts = model.encoders().keySet().stream()
                .mapToDouble(part -> model.flops(part, 1))
                .sum();
        double hidden = 4096;
        assertThat(cost.tokens()).isEqualTo(1024);
        assertThat(cost.parameters()).isEqualTo(48_242_688);
        assertThat(cost.encode() - experts).isCloseTo(2 * 1024 * (48_242_688 - 2 * hidden), within(1e6));
        double row = 1024 + WORDS;
        double weights = 32 * (4 * hidden * hidden + 3 * hidden * 11008);
        assertThat(cost.prefill()).isCloseTo(2 * row * weights + 32 * 4 * row * row / 2 * hidden, within(1e9));
    }

    /// Four more pictures' worth of tokens: a prompt of nearly five times the length.
    @Test
    void appendedTokensCostInTheDecoder() {
        var plain = cost(Fusions.CHANNEL_CONCAT);
        var appended = cost(Fusions.SEQUENCE_APPEND);
        assertThat(appended.tokens()).isEqualTo(5 * 1024);
        assertThat(appended.prefill() / plain.prefill()).isBetween(4.7, 5.3);
    }

    /// What happens between the decoder's layers is the prompt's work, not the picture's.
    @Test
    void layersInTheDecoderBelongToThePrompt() {
        var flamingo = cost(Fusions.FLAMINGO);
        var shape = ModelShape.of(config(Fusions.FLAMINGO), DType.BF16);
        var work = shape.fusion().work();
        assertThat(work.position()).isPositive();
        double layers = Work.prefill(shape.config().language(), WORDS + 1);
        assertThat(flamingo.prefill()).isCloseTo(layers + work.decoder() + (WORDS + 1) * work.position(), within(1e6));
    }

    /// A decoder that computes a product's operation in 1 ps and one of attention in 8.
    @Test
    void secondsFollowOperationsOfTwoKinds() {
        var language = config(Fusions.CHANNEL_CONCAT).language();
        var rows = new Blocks[] {Work.decoder(language, 1000), Work.decoder(language, 4000)};
        var seconds = new double[2];
        for (int i = 0; i < 2; i++) {
            seconds[i] = rows[i].count() * (rows[i].flops() + 7 * rows[i].attention()) * 1e-12;
        }
        var pace = FusionCost.Pace.of(rows, seconds);
        assertThat(pace.product()).isCloseTo(1e-12, within(1e-18));
        assertThat(pace.attention()).isCloseTo(8e-12, within(1e-18));
        var one = new FusionCost(1, 0, 10, 100, 10);
        var other = new FusionCost(1, 0, 20, 300, 100);
        assertThat(other.seconds(one, 1, new FusionCost.Pace(0.1, 0.5))).isCloseTo(2 + 20 + 50, within(1e-9));
    }

    @Test
    void attentionGrowsWithTheSquareOfTheRow() {
        double rows = (5 * 1024.0 + WORDS) / (1024 + WORDS);
        assertThat(cost(Fusions.SEQUENCE_APPEND).attention()
                        / cost(Fusions.CHANNEL_CONCAT).attention())
                .isCloseTo(rows * rows, within(1e-9));
    }
}
