package dev.aerie.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Mixture;
import dev.aerie.image.Aspect;
import dev.aerie.language.LlamaConfig;
import dev.aerie.language.Rope;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Torch;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.Replicas;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.start.Initial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The loop, on a decoder of one small layer, with validations that are told beforehand.
class TrainingTest {

    private static final LlamaConfig LANGUAGE = new LlamaConfig(
            16, 1, 2, 2, 8, 16, 32, 1e-5, new Rope(8, 10_000, Rope.Scaling.NONE), 64, false, false, false);

    @TempDir
    Path folder;

    private static final Examples EXAMPLES = new Examples() {
        @Override
        public long size() {
            return 6;
        }

        @Override
        public int length(long index) {
            return -1;
        }

        @Override
        public Sample get(long index) {
            int[] ids = {1, 2 + (int) index, 9, 4};
            return new Sample(id(index), ids, ids, new int[4], Optional.empty());
        }
    };

    private static TrainingModel model(Parameters parameters) {
        var config = new EagleConfig(
                "LlamaForCausalLM", LANGUAGE, "", Mixture.Shape.PUBLISHED, "linear", Aspect.PAD, Set.of(2), 64);
        return new TrainingModel(EagleModel.of(parameters, config, 0), DType.F32, Viewing.NONE, _ -> false, false, 64);
    }

    /// Trains for six steps, a snapshot after every second.
    ///
    /// @param losses of the validations after the steps
    private void train(boolean best, List<Double> losses, int stopAfter) {
        train(best, losses, stopAfter, Long.MAX_VALUE);
    }

    /// @param validated the last step that a validation is known of
    private void train(boolean best, List<Double> losses, int stopAfter, long validated) {
        Torch.seed(3);
        try (var origin = new Initial();
                var parameters = new Parameters(origin, _ -> true, DType.F32)) {
            var model = model(parameters);
            var at = new ArrayList<Long>();
            try (var optimiser = new Optimiser(parameters, Optimiser.Settings.REFERENCE)) {
                var snapshots = new Snapshots(folder, 1, best);
                long done = snapshots.newestState().step();
                new Training(
                                new Training.Settings(6, 1, 1, 64, 0, 2, 1),
                                new Training.Learner(Replicas.alone(model), parameters, optimiser, Optional.empty()),
                                (_, _) -> 1e-3,
                                snapshots,
                                () -> {
                                    at.add(done + at.size() + 1);
                                    return new Validation(losses.get(Math.toIntExact(at.getLast() - 1)), 0, 1);
                                },
                                new Training.Listeners(
                                        report -> {
                                            if (report.step() == stopAfter) {
                                                throw new IllegalStateException("stopped on purpose");
                                            }
                                        },
                                        (_, _) -> {}))
                        .run(EXAMPLES, IntStream.range(0, 6).toArray(), validated);
            }
        }
    }

    @Test
    void theSnapshotOfTheLowestLossIsKeptAcrossAStop() {
        var losses = List.of(5.0, 3.0, 1.0, 2.0, 4.0, 1.5);
        assertThatThrownBy(() -> train(true, losses, 5)).hasMessageContaining("on purpose");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("step-00000003", "step-00000004");
        train(true, losses, -1);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("step-00000003", "step-00000006");
    }

    /// The validation of the last step fails: what was learned is kept, and the next start makes up for it.
    @Test
    void aValidationThatFailedIsMadeUpFor() {
        assertThatThrownBy(() -> train(true, List.of(5.0, 3.0, 1.0, 2.0, 4.0), -1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("step-00000003", "step-00000006");
        train(true, List.of(5.0, 3.0, 1.0, 2.0, 4.0, 1.5, 0.5), -1, 5);
        assertThat(folder.toFile().list()).containsExactly("step-00000006");
    }

    @Test
    void whereTheBestIsNotWantedItGoes() {
        train(false, List.of(5.0, 3.0, 1.0, 2.0, 4.0, 1.5), -1);
        assertThat(folder.toFile().list()).containsExactly("step-00000006");
    }

    @Test
    void aLaterBestTakesThePlaceOfTheOneBefore() {
        train(true, List.of(5.0, 3.0, 4.0, 2.0, 1.0, 1.5), -1);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("step-00000005", "step-00000006");
    }

    /// Here because there is no third score.
    @Test
    void whatWasLearnedIsKeptWhereAValidationFails() {
        assertThatThrownBy(() -> train(false, List.of(5.0, 3.0), -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(folder.toFile().list()).containsExactly("step-00000003");
    }

    /// The answers of a whole conversation have no turns by which their kinds could be told.
    @Test
    void conversationsAreJudgedWithoutTheirKinds() {
        var conversations = new Examples() {
            @Override
            public long size() {
                return 2;
            }

            @Override
            public int length(long index) {
                return -1;
            }

            @Override
            public Sample get(long index) {
                return EXAMPLES.get(index);
            }

            @Override
            public List<String> kinds(long index) {
                return List.of("colour", "");
            }
        };
        try (var origin = new Initial();
                var parameters = new Parameters(origin, _ -> true, DType.F32)) {
            var found = new Judge(model(parameters), 2, 64).of(conversations, 2);
            assertThat(found.answers()).isEqualTo(2);
            assertThat(found.kinds()).isEmpty();
        }
    }

    @Test
    void aStepIsMeasuredOnALayerOfTheModelsWidth() {
        var recipe = Tiny.recipe();
        var stage = recipe.stages().getFirst();
        var config = EagleConfig.open(Tiny.CHECKPOINT);
        var shape = dev.aerie.train.plan.ModelShape.of(Tiny.CHECKPOINT);
        var plan = dev.aerie.train.plan.Plan.of(
                "tiny",
                stage,
                shape,
                dev.aerie.train.plan.Hardware.here(0),
                dev.aerie.train.plan.Workload.UNKNOWN.withRow(64));
        var time = StepTime.scaled(config, plan);
        assertThat(time.seconds()).isFinite().isPositive();
        assertThat(time.how()).startsWith("scaled: one of ").contains("a row of 64 in ");
        assertThat(plan.seconds()).isEqualTo(OptionalDouble.empty());
    }
}
