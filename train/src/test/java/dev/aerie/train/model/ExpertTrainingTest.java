package dev.aerie.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Inspection;
import dev.aerie.eagle.Question;
import dev.aerie.image.Picture;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Torch;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labels;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.plan.ModelShape;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.run.Export;
import dev.aerie.train.start.Start;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tiny Eagle that gets two more experts from the files of their origins: it learns, and the result opens.
class ExpertTrainingTest {

    private static final Path GOLDEN = Path.of("../core/src/test/resources/golden");
    private static final Path CHECKPOINT = GOLDEN.resolve("model/eagle-x2-tiny");
    private static final int CLIP_INPUT = 336;
    private static final int LONGEST = 1100;
    private static final int STEPS = 4;

    @TempDir
    Path folder;

    private static Stage.From from() {
        var experts = new LinkedHashMap<String, Path>();
        experts.put("internvit-448", GOLDEN.resolve("vision/internvit-normed-64/weights.safetensors"));
        experts.put("eva-clip-336", GOLDEN.resolve("vision/eva-clip-64/weights.safetensors"));
        return new Stage.From(
                Optional.of(CHECKPOINT), experts, Optional.empty(), Optional.empty(), Optional.empty(), Stage.From.MLP);
    }

    private static Sample sample(Viewing viewing) {
        var ids = new int[] {1, 7, ImageSlots.IMAGE, 9, 11, 40, 50, 60};
        var labels = ids.clone();
        Arrays.fill(labels, 0, 5, Labels.IGNORE);
        var picture = viewing.show(Picture.filled(40, 30, 220, 90, 30));
        return new Sample("row", ids, labels, new int[ids.length], Optional.of(picture));
    }

    @Test
    void learnsWithTheOthersAndItsCheckpointOpens() {
        try (var start = Start.open(from(), Optional.empty());
                var parameters = new Parameters(start.source(), _ -> true, DType.F32)) {
            var config = start.config();
            assertThat(config.towers()).isEqualTo("clip-448;convnext-1024;internvit-448;eva-clip-336");
            var plan = ModelShape.of(start);
            assertThat(plan.parts()).contains("internvit-448", "eva-clip-336");
            assertThat(plan.encoders().values())
                    .allSatisfy(encoder -> assertThat(encoder.flops()).isPositive());
            Torch.seed(3);
            var eagle = EagleModel.of(parameters, config, CLIP_INPUT);
            var tower = eagle.vision().orElseThrow().tower();
            var viewing = Viewing.of(eagle.vision().orElseThrow(), config.aspect());
            var model = new TrainingModel(eagle, DType.F32, viewing, _ -> true, true, LONGEST);
            var batch = Batch.of(List.of(sample(viewing)), LONGEST);
            var losses = new ArrayList<Double>();
            try (var optimiser = new Optimiser(parameters, Optimiser.Settings.REFERENCE)) {
                for (int step = 0; step < STEPS; step++) {
                    losses.add(model.learn(batch, 1).mean());
                    if (step == 0) {
                        gradientsArrive(parameters);
                    }
                    optimiser.collect();
                    optimiser.step(_ -> 2e-3, 1);
                }
            }
            assertThat(losses.getLast()).isLessThan(0.9 * losses.getFirst());
            new Export(config, CHECKPOINT, DType.F32).writeTo(folder, parameters, Map.of());
        }
        opens();
    }

    /// At every parameter of the two.
    private static void gradientsArrive(Parameters parameters) {
        var theirs = parameters.learned().stream()
                .filter(each ->
                        each.name().contains("vision_towers.2.") || each.name().contains("vision_towers.3."))
                .toList();
        assertThat(theirs).hasSize(4 + 13 + 4 + 2 * 21 + 2);
        assertThat(theirs)
                .allSatisfy(each -> assertThat(each.working()
                                .gradient()
                                .orElseThrow()
                                .abs()
                                .max()
                                .item())
                        .describedAs(each.name())
                        .isPositive()
                        .isFinite());
    }

    private void opens() {
        var inspection = Inspection.of(folder);
        assertThat(inspection.misfits()).isEmpty();
        assertThat(inspection.unexpected()).isEmpty();
        assertThat(inspection.parameters()).containsKeys("internvit-448", "eva-clip-336");
        try (var eagle = Eagle.open(folder)) {
            var question = new Question("What is it?", List.of(Picture.filled(40, 30, 220, 90, 30)));
            var options = AnswerOptions.DEFAULT.withMaxTokens(2).ignoringEnd();
            assertThat(eagle.ask(question, options, AnswerListener.NONE).ids()).hasSize(2);
        }
    }
}
