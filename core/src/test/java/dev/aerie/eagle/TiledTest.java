package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Routes;
import dev.aerie.image.Aspect;
import dev.aerie.image.Filter;
import dev.aerie.image.Picture;
import dev.aerie.image.Resize;
import dev.aerie.nn.Manifest;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tiling.DynamicTiles;
import dev.aerie.tiling.Piece;
import dev.aerie.tiling.TileSize;
import dev.aerie.tiling.TilingChoice;
import dev.aerie.tiling.Tilings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checkpoints that look at pictures in tiles.
class TiledTest {

    /// A CLIP of 336 pixels that has learned a newline.
    private static final Path NEXT = Path.of("src/test/resources/golden/family/llava-v1.6-tiny");

    private static Eagle open(Path checkpoint, String tiling) {
        return Eagle.open(checkpoint, LoadOptions.DEFAULT.withTiling(TilingChoice.of(tiling)));
    }

    private static EagleModel.Vision vision(Eagle eagle) {
        return eagle.model().vision().orElseThrow();
    }

    private static Tensor look(EagleModel.Vision vision, Picture picture) {
        return vision.look(picture, Routes.ALL, Aspect.PAD, DType.F32, Progress.SILENT)
                .tokens(); // [1, N, hidden]
    }

    private static double difference(Tensor a, Tensor b) {
        assertThat(a.shape()).containsExactly(b.shape());
        return a.minus(b).abs().max().item();
    }

    @ParameterizedTest
    @EnumSource
    void asManyTokensAsCounted(Tilings method) {
        var picture = Resize.resize(Tiny.wide(), 500, 170, Filter.BICUBIC);
        try (var eagle = open(NEXT, method.label() + ":4");
                var _ = TensorScope.open()) {
            var tokens = look(vision(eagle), picture);
            assertThat(tokens.size(1)).isEqualTo(vision(eagle).tokens(500, 170));
            assertThat(Double.isFinite(tokens.abs().sum().item())).isTrue();
        }
    }

    /// The tokens of a tile are those of that part of the picture alone, and the whole comes last.
    @Test
    void tilesStandInTheMethodsOrder() {
        var picture = Resize.resize(Tiny.wide(), 672, 336, Filter.BICUBIC);
        try (var tiled = open(NEXT, "internvl:2");
                var alone = open(NEXT, "internvl:1");
                var _ = TensorScope.open()) {
            var tokens = look(vision(tiled), picture);
            assertThat(tokens.size(1)).isEqualTo(3 * 144);
            var tiling = vision(tiled).tiled().orElseThrow().tiling().of(672, 336);
            for (int i = 0; i < 3; i++) {
                var part = look(vision(alone), tiling.views().get(i).of(picture));
                assertThat(difference(tokens.narrow(1, 144L * i, 144), part)).isLessThan(1e-5);
            }
            assertThat(difference(tokens.narrow(1, 0, 144), tokens.narrow(1, 144, 144)))
                    .isGreaterThan(1e-3);
        }
    }

    /// A learned newline separates where there is one, else the embeddings of signs.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void separatorsStandInTheirPlaces(boolean learned) {
        try (var eagle = learned ? open(NEXT, "4khd:1") : open(Tiny.X2, "4khd:1");
                var _ = TensorScope.open()) {
            var vision = vision(eagle);
            int cells = vision.tiled().orElseThrow().tiling().cells();
            var tokens = look(vision, Picture.filled(40, 40, 9, 90, 200)).squeeze(0);
            var mark = mark(vision.tiled().orElseThrow());
            var words = eagle.model().language();
            int newline = eagle.tokenizer().encode("a\n")[eagle.tokenizer().encode("a\n").length - 1];
            var word = words.embed(Tensor.of(new long[] {newline}, 1)).squeeze(0);
            assertThat(difference(mark, word) == 0).isEqualTo(!learned);
            assertThat(tokens.size(0)).isEqualTo(2L * cells * (cells + 1) + 1);
            for (long at : new long[] {cells, cells * (cells + 1), cells * (cells + 1) + 1 + cells}) {
                assertThat(difference(tokens.select(0, at), mark)).isZero();
            }
        }
    }

    private static Tensor mark(Tiled tiled) {
        var learned = tiled.learned().get(Piece.Mark.LINE);
        return learned != null ? learned : tiled.words().apply(Piece.Mark.LINE);
    }

    /// One tile that keeps all its tokens is the picture as a whole.
    @Test
    void oneTileIsNoTiling() {
        var picture = Resize.resize(Tiny.wide(), 300, 300, Filter.BICUBIC);
        try (var eagle = Eagle.open(Tiny.X2);
                var _ = TensorScope.open()) {
            var whole = vision(eagle);
            var tiling = new DynamicTiles(whole.tile(), 1, whole.tile().tokens());
            var tiled = new EagleModel.Vision(
                    whole.tower(),
                    whole.projector(),
                    Optional.of(new Tiled(tiling, Map.of(), _ -> Tensor.zeros(DType.F32, 1))));
            assertThat(difference(look(tiled, picture), look(whole, picture))).isZero();
        }
    }

    /// LLaVA-UHD's slices are looked at in their own shape by a CLIP, whose positions are resampled.
    @Test
    void slicesAreNotSquare() {
        try (var eagle = open(NEXT, "llava-uhd")) {
            var part = vision(eagle)
                    .tiled()
                    .orElseThrow()
                    .tiling()
                    .of(1200, 500)
                    .views()
                    .getFirst()
                    .part();
            assertThat(part.width()).isNotEqualTo(part.height());
            assertThat(vision(eagle)
                            .tower()
                            .map(part.width(), part.height())
                            .orElseThrow()
                            .area())
                    .isEqualTo(part.width() / 14L * (part.height() / 14));
        }
    }

    @Test
    void aQuestionIsAnsweredAloneAndInABatch() {
        var question = new Question("What?", List.of(Tiny.wide()));
        try (var eagle = open(Tiny.X2, "internvl:2")) {
            var alone = eagle.ask(question, Tiny.tokens(4), AnswerListener.NONE);
            var batch = eagle.ask(List.of(question, new Question("And?", List.of())), Tiny.tokens(4));
            assertThat(batch.getFirst().ids()).containsExactly(alone.ids());
        }
        try (var eagle = Eagle.open(Tiny.X2)) {
            var whole = eagle.ask(question, Tiny.tokens(1), AnswerListener.NONE);
            assertThat(whole.ids()).hasSize(1);
        }
    }

    /// The count is known before anything is looked at, and said.
    @Test
    void whatDoesNotFitIsSaidBefore() {
        var looked = new boolean[1];
        Progress progress = (_, _, _) -> looked[0] = true;
        var options = new LoadOptions(DType.F32, 336, Optional.empty(), progress, false)
                .withTiling(TilingChoice.of("internvl"));
        var question = new Question("What?", List.of(Picture.filled(640, 480, 1, 2, 3)));
        try (var eagle = Eagle.open(Tiny.X2, options)) {
            assertThatThrownBy(() -> eagle.ask(question, Tiny.tokens(1), AnswerListener.NONE))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContainingAll("3328", "2048", "4095", "--tiling internvl:11")
                    .satisfies(error -> assertThat(error.getMessage()).hasLineCount(1));
            assertThatThrownBy(() -> eagle.ask(List.of(question), Tiny.tokens(1)))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("3328");
        }
        assertThat(looked[0]).isFalse();
    }

    @Test
    void whatFitsInNoNumberOfTilesIsSaid() {
        var pictures = Collections.nCopies(9, Picture.filled(64, 64, 1, 2, 3));
        try (var eagle = open(Tiny.X2, "internvl:2")) {
            assertThatThrownBy(() -> eagle.ask(new Question("What?", pictures), Tiny.tokens(1), AnswerListener.NONE))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("no number of tiles fits");
        }
    }

    @Test
    void tokensWithoutPlacesAreRefused() {
        var config = EagleConfig.open(Tiny.X2);
        for (var method : List.of(Fusions.SEQUENCE_APPEND, Fusions.Q_FORMER, Fusions.SVA)) {
            var fused = config.withMixture(config.mixture().withFusion(new FusionChoice(method, Map.of())));
            var vision = EagleModel.of(new Manifest(), fused, 336).vision().orElseThrow();
            assertThatThrownBy(vision::tile).isInstanceOf(AerieException.class).hasMessageContaining("mm_fusion");
        }
    }

    /// CLIP's input is chosen for LLaVA's single CLIP too; tiles and canvases follow.
    @ParameterizedTest
    @ValueSource(ints = {224, 336, 448, 672})
    void clipTakesOtherSizes(int side) {
        var options = new LoadOptions(DType.F32, side, Optional.empty(), Progress.SILENT, false);
        try (var eagle = Eagle.open(NEXT, options);
                var _ = TensorScope.open()) {
            var vision = vision(eagle);
            assertThat(vision.tile()).isEqualTo(new TileSize(side, side / 14));
            int across = 2 * side / 14;
            assertThat(vision.tokens(2 * side, 2 * side)).isEqualTo(across * across / 4 + across * (across + 1));
            var seen = vision.tower().encode(Tensor.zeros(DType.F32, 1, 3, side, side), Progress.SILENT);
            assertThat(seen.count()).isEqualTo(side / 14 * (side / 14));
        }
    }
}
