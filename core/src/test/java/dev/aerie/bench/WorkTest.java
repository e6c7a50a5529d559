package dev.aerie.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.language.LlamaConfig;
import dev.aerie.nn.HeaderSource;
import dev.aerie.nn.Manifest;
import dev.aerie.vision.Clip;
import dev.aerie.vision.Experts;
import dev.aerie.vision.InternVit;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkTest {

    /// Every weight is multiplied and added once a token, and every token with every other in attention. Parameters are
    /// those of the published experts (Eagle §4); positions and other tables are few beside them.
    @ParameterizedTest
    @CsvSource({
        "CLIP, 336, 303507456, 576, 24, 1024",
        "DINOV2, 448, 304368640, 1024, 24, 1024",
        "EVA_CLIP, 336, 304432832, 577, 24, 1024",
        "INTERNVIT, 448, 304012288, 1025, 24, 1024",
        "SIGLIP, 384, 412442352, 729, 27, 1152",
        "PIX2STRUCT, 1024, 500229120, 2025, 18, 1536"
    })
    void transformersDoTwoOperationsAWeightAndToken(
            Experts expert, int input, double parameters, double tokens, double layers, double width) {
        double expected = 2 * parameters * tokens + layers * 4 * tokens * tokens * width;
        assertThat(Work.expert(expert, input)).isCloseTo(expected, within(0.01 * expected));
    }

    @Test
    void theLargeInternVitHasItsOwnBlocks() {
        var blocks = Work.internVit(InternVit.Size.LARGE_448, 448).blocks();
        assertThat(blocks).extracting(Blocks::kind).containsExactly(Blocks.Kind.SCALED_NORMED_GELU);
        double parameters = 5_536_496_000.0;
        double expected = 2 * parameters * 1025 + 45 * 4.0 * 1025 * 1025 * 3200;
        assertThat(Work.internVit(InternVit.Size.LARGE_448, 448).flops()).isCloseTo(expected, within(0.01 * expected));
    }

    @Test
    void windowsSaveAttention() {
        var blocks = Work.expert(Experts.SAM, new Manifest(), 1024).blocks();
        assertThat(blocks).extracting(Blocks::count).containsExactly(4, 20);
        assertThat(blocks.get(0).flops()).isGreaterThan(1.4 * blocks.get(1).flops());
        assertThat(blocks.get(1).padded()).isEqualTo(4900); // 64 is padded to five windows of 14
        assertThat(Work.expert(Experts.DET, new Manifest(), 1024).blocks())
                .extracting(Blocks::count)
                .containsExactly(8, 16);
    }

    @Test
    void convolutionsCountEveryStage() {
        var work = Work.expert(Experts.CONVNEXT, new Manifest(), 1024);
        assertThat(work.blocks()).extracting(Blocks::count).containsExactly(3, 4, 30, 3);
        // The third stage alone: 64² places, two products of 1,536 x 6,144.
        assertThat(work.flops()).isGreaterThan(30 * 2.0 * 4096 * 2 * 1536 * 6144);
        assertThat(work.flops()).isCloseTo(4 * Work.expert(Experts.CONVNEXT, 512), within(1.0));
    }

    @Test
    void llavaDropsAClipLayerAndKeepsTheClassToken() {
        var mixture =
                Work.clip(Clip.Size.LARGE_336, Clip.Form.MIXTURE, 336).blocks().getFirst();
        var llava =
                Work.clip(Clip.Size.LARGE_336, Clip.Form.LLAVA, 336).blocks().getFirst();
        assertThat(mixture.count()).isEqualTo(24);
        assertThat(llava.count()).isEqualTo(23);
        assertThat(llava.tokens()).isEqualTo(mixture.tokens() + 1);
    }

    @Test
    void decodersCountGroupedKeysAndCausalAttention() {
        var llama = LlamaConfig.LLAMA3_8B;
        double products = 2.0 * 100 * 32 * (2 * 4096.0 * 4096 + 2 * 4096.0 * 1024 + 3 * 4096.0 * 14336);
        assertThat(Work.prefill(llama, 100)).isCloseTo(products + 32 * 2.0 * 100 * 100 * 4096, within(1.0));
    }

    @Test
    void storedTensorsGiveTheSizes() {
        try (var weights = Checkpoint.open(Path.of("src/test/resources/golden/model/eagle-x2-tiny"))) {
            var clip = new HeaderSource(weights).at("model.vision_tower.vision_towers.0.vision_tower");
            assertThat(Work.expert(Experts.CLIP, clip, 336).flops())
                    .isPositive()
                    .isLessThan(Work.expert(Experts.CLIP, 336) / 10);
        }
    }
}
