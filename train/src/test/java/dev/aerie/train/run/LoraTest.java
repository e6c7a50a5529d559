package dev.aerie.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.eagle.EagleModel;
import dev.aerie.image.Aspect;
import dev.aerie.nn.Between;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.data.Corpus;
import dev.aerie.train.data.Dataset;
import dev.aerie.train.data.Mixture;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.model.Batch;
import dev.aerie.train.model.Lora;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.start.Initial;
import dev.aerie.train.start.Start;
import dev.aerie.weights.Checkpoint;
import dev.aerie.weights.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes of low rank, trained, merged, exported and opened again.
class LoraTest {

    /// Merging rounds each weight once more to float32 and sums in another order: some units in the last place (6e-8)
    /// of the largest logit, times the square root of the 256 terms of a sum, times the norms and layers that they
    /// pass. What was learned changes logits a hundred times as much at least.
    private static final double TOLERANCE = 2e-5;

    @TempDir
    Path folder;

    private static float[] logits(ParameterSource source, Start start) {
        var model = EagleModel.of(source, start.config(), 336);
        var viewing = Viewing.of(model.vision().orElseThrow(), Aspect.PAD);
        var words = Tokenizer.open(start.tokenizer());
        var maker = new SampleMaker(words, Template.named("v1"), viewing, RowForm.CONVERSATION, 1200);
        var training = new TrainingModel(model, DType.F32, viewing, _ -> false, false, 1024);
        try (var corpus = Corpus.open(Mixture.of(Tiny.RECORDS, Optional.of(Tiny.PICTURES)))) {
            var sample = new Dataset(corpus, maker).get(0);
            var batch = Batch.of(List.of(sample), 1200);
            return Gradients.without(() -> {
                try (var _ = TensorScope.open()) {
                    return model.language()
                            .logits(training.hidden(batch, Between.NOTHING))
                            .toFloats();
                }
            });
        }
    }

    /// The largest difference, as a share of the largest logit.
    private static double furthest(float[] one, float[] other) {
        assertThat(one).hasSameSizeAs(other);
        double most = 0;
        double largest = 0;
        for (int i = 0; i < one.length; i++) {
            most = Math.max(most, Math.abs(one[i] - other[i]));
            largest = Math.max(largest, Math.abs(one[i]));
        }
        return most / largest;
    }

    @Test
    void theMergedModelSaysWhatTheAdaptedOneSaid() {
        var recipe = Tiny.recipe(
                "learn.projector=0", "lora={rank: 4, alpha: 8, targets: [\"model.layers.*_proj\"], rate: 0.01}");
        var run = Tiny.run(folder, recipe, -1);
        var stage = recipe.stages().getFirst();
        var recorded = stage.lora().orElseThrow();
        var lora = new Lora(recorded.rank(), recorded.alpha(), recorded::adapts);
        try (var start = Start.open(stage.from(), Optional.empty());
                var adapted = new Parameters(start.source(), _ -> false, DType.F32, Optional.of(lora))) {
            var before = logits(start.source(), start);
            EagleModel.of(adapted, start.config(), 336);
            float[] expected;
            try (var optimiser = new Optimiser(adapted, Optimiser.Settings.REFERENCE)) {
                assertThat(new Snapshots(run.checkpoints(), 2).restore(adapted, optimiser, Optional.empty()))
                        .isPresent();
                expected = logits(adapted, start);
            }
            try (var result = new CheckpointSource(Checkpoint.open(run.export()))) {
                assertThat(furthest(expected, logits(result, start))).isLessThan(TOLERANCE);
            }
            assertThat(furthest(expected, before)).isGreaterThan(100 * TOLERANCE);
        }
    }

    /// Also where the layers compute in less: 1/3 is no number of bfloat16.
    @Test
    void theAveragesOfTheFactorsAreMergedWhereTheyAreWanted() {
        var lora = new Lora(2, 4, _ -> true);
        try (var origin = new Initial();
                var parameters = new Parameters(origin, _ -> false, DType.BF16, Optional.of(lora));
                var _ = TensorScope.open()) {
            var layer = parameters.at("layer");
            var weight = layer.parameter("weight", 5, 3);
            layer.adapter("weight", 3, 5);
            var averages = Map.of(
                    "layer.lora_A.weight", Tensor.full(1.0 / 3, DType.F32, 2, 3),
                    "layer.lora_B.weight", Tensor.full(0.25, DType.F32, 5, 2));
            var file = folder.resolve("merged.safetensors");
            SafetensorsWriter.write(file, parameters.contents(DType.F32, averages), Map.of());
            try (var merged = new CheckpointSource(Checkpoint.open(file))) {
                var added = merged.parameter("layer.weight", 5, 3).minus(weight);
                assertThat(added.minus(Tensor.full(2 * 2 * 0.25 / 3, DType.F32, 1))
                                .abs()
                                .max()
                                .item())
                        .isLessThan(1e-6);
            }
        }
    }
}
