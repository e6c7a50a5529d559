package dev.aerie.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Mixture;
import dev.aerie.eagle.Question;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.image.Picture;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.Manifest;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Torch;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labels;
import dev.aerie.tiling.TilingChoice;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.run.Export;
import dev.aerie.train.start.Assembly;
import dev.aerie.train.start.Initial;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tiny models that learn from pictures in tiles, each picture in as many tokens as its shape takes.
class TiledTrainingTest {

    private static final Path GOLDEN = Path.of("../core/src/test/resources/golden");
    private static final Path MIXTURE = GOLDEN.resolve("model/eagle-x2-tiny");
    private static final int LONGEST = 1 << 14;
    private static final int STEPS = 5;

    /// A square and a long one.
    private static final List<Picture> PICTURES =
            List.of(Picture.filled(40, 40, 20, 90, 230), Picture.filled(90, 30, 220, 90, 30));

    @TempDir
    Path folder;

    /// The tiny mixture looking at tiles of 128 pixels, each 4 × 4 tokens.
    private static EagleConfig mixture(String tiling) {
        var shape = new Mixture.Shape(128, 4, Map.of(Experts.CLIP, 56, Experts.CONVNEXT, 128));
        return EagleConfig.open(MIXTURE).withMixture(shape).withTiling(Optional.of(TilingChoice.of(tiling)));
    }

    private static Sample sample(int row, Viewing viewing) {
        var ids = new int[] {1, 7 + row, ImageSlots.IMAGE, 9, 11, 40 + 10 * row, 50};
        var labels = ids.clone();
        Arrays.fill(labels, 0, 5, Labels.IGNORE);
        return new Sample("row " + row, ids, labels, new int[ids.length], Optional.of(viewing.show(PICTURES.get(row))));
    }

    /// A model over parameters all of which learn.
    ///
    /// @param checkpoint it began with
    private record Learner(Path checkpoint, EagleConfig config, Parameters parameters, boolean recompute) {

        TrainingModel model() {
            var eagle = EagleModel.of(parameters, config(), EagleModel.CLIP_INPUT);
            return new TrainingModel(
                    eagle,
                    DType.F32,
                    Viewing.of(eagle.vision().orElseThrow(), config.aspect()),
                    _ -> true,
                    recompute,
                    LONGEST);
        }

        Batch batch(TrainingModel model) {
            var viewing = model.viewing();
            return Batch.of(List.of(sample(0, viewing), sample(1, viewing)), LONGEST);
        }
    }

    @ParameterizedTest
    @CsvSource({"llava-next, 1", "internvl:3, 0", "llava-uhd:3, 2", "4khd:3, 2", "monkey:4, 0"})
    void aTinyMixtureLearnsAndItsCheckpointOpens(String tiling, int marks) {
        with(MIXTURE, mixture(tiling), true, learner -> {
            var model = learner.model();
            assertThat(learner.parameters().learned().stream()
                            .filter(each -> Part.of(each.name()) == Part.PROJECTOR
                                    && each.name().contains(".image_")))
                    .hasSize(marks);
            learnsAndOpens(learner, model);
            assertThat(EagleConfig.open(folder).tiling()).contains(TilingChoice.of(tiling));
        });
    }

    private interface Work {
        void with(Learner learner);
    }

    private static void with(Path checkpoint, EagleConfig config, boolean recompute, Work work) {
        Torch.setProductThreads(1);
        Torch.seed(3);
        try (var stored = new CheckpointSource(Checkpoint.open(checkpoint));
                var made = new Initial();
                var parameters = new Parameters(
                        new Assembly(
                                List.of(
                                        new Assembly.Route(
                                                name -> name.contains(".image_") && checkpoint == MIXTURE, 0, made),
                                        new Assembly.Route("", stored)),
                                made),
                        _ -> true,
                        DType.F32)) {
            work.with(new Learner(checkpoint, config, parameters, recompute));
        }
    }

    @Test
    void llavaNextLearnsInItsOwnTiles() {
        var checkpoint = GOLDEN.resolve("family/llava-v1.6-tiny");
        with(checkpoint, EagleConfig.open(checkpoint), false, learner -> {
            learnsAndOpens(learner, learner.model());
            assertThat(EagleConfig.open(folder).layout())
                    .isEqualTo(learner.config().layout());
        });
    }

    private void learnsAndOpens(Learner learner, TrainingModel model) {
        var batch = learner.batch(model);
        var vision = model.model().vision().orElseThrow();
        assertThat(batch.lengths()).containsExactly(6 + vision.tokens(40, 40), 6 + vision.tokens(90, 30));
        var losses = new ArrayList<Double>();
        try (var optimiser = new Optimiser(learner.parameters(), Optimiser.Settings.REFERENCE)) {
            for (int step = 0; step < STEPS; step++) {
                losses.add(model.learn(batch, 1).mean());
                optimiser.collect();
                optimiser.step(_ -> 1e-3, 1);
            }
        }
        assertThat(losses.getLast()).isLessThan(0.9 * losses.getFirst());
        new Export(learner.config(), learner.checkpoint(), DType.F32).writeTo(folder, learner.parameters(), Map.of());
        try (var eagle = Eagle.open(folder)) {
            assertThat(eagle.unexpected()).isEmpty();
            for (var picture : PICTURES) {
                Reopened.answersAs(model, eagle, new Question("What?", List.of(picture)), LONGEST);
            }
        }
    }

    /// A pixel shuffle in the fusion is InternVL's own, and takes the place of means.
    @Test
    void shuffledTokensOfTilesAreAllKept() {
        var own = mixture("internvl:3");
        var shuffled = new FusionChoice(Fusions.CHANNEL_CONCAT, Map.of("shuffle", 2));
        for (var config : List.of(own, own.withMixture(own.mixture().withFusion(shuffled)))) {
            var vision = EagleModel.of(new Manifest(), config, 336).vision().orElseThrow();
            assertThat(vision.tokens(300, 100)).isEqualTo(4 * 2 * 2);
            assertThat(vision.tiled().orElseThrow().tiling().cells()).isEqualTo(2);
        }
    }

    /// Views of both pictures go through the experts together; the loss is that of each picture's row alone.
    @Test
    void picturesOfSeveralShapesAreLearnedAsAlone() {
        with(MIXTURE, mixture("llava-uhd:3"), false, learner -> {
            var model = learner.model();
            var viewing = model.viewing();
            double together = model.judge(learner.batch(model)).loss();
            double apart = 0;
            for (int row = 0; row < 2; row++) {
                apart += model.judge(Batch.of(List.of(sample(row, viewing)), LONGEST))
                        .loss();
            }
            assertThat(together).isCloseTo(apart, within(1e-3));
        });
    }
}
