package dev.aerie.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Mixture;
import dev.aerie.image.Aspect;
import dev.aerie.language.LlamaConfig;
import dev.aerie.language.Rope;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Torch;
import dev.aerie.text.Labels;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.start.Initial;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicasTest {

    private static final int LONGEST = 64;
    private static final EagleConfig CONFIG = new EagleConfig(
            "LlamaForCausalLM",
            new LlamaConfig(
                    16, 2, 2, 2, 8, 24, 40, 1e-5, new Rope(8, 10_000, Rope.Scaling.NONE), LONGEST, true, false, false),
            "",
            Mixture.Shape.PUBLISHED,
            "linear",
            Aspect.PAD,
            Set.of(2),
            LONGEST);

    /// Rows of different lengths, of which different numbers of tokens are learned.
    private static final List<Sample> SAMPLES = IntStream.range(0, 5)
            .mapToObj(row -> {
                var ids = IntStream.range(0, 6 + 2 * row)
                        .map(t -> 3 + (7 * row + 5 * t) % 37)
                        .toArray();
                var labels = ids.clone();
                Arrays.fill(labels, 0, 2 + row, Labels.IGNORE);
                return new Sample("row " + row, ids, labels, new int[ids.length], Optional.empty());
            })
            .toList();

    private record Result(List<Double> losses, List<Double> norms, List<float[]> weights) {}

    private static TrainingModel model(EagleModel eagle) {
        return model(eagle, DType.F32, LONGEST);
    }

    private static TrainingModel model(EagleModel eagle, DType precision, int chunk) {
        return new TrainingModel(eagle, precision, Viewing.NONE, _ -> false, false, chunk);
    }

    /// What a step finds: the losses of micro-batches in turn, each with a share, and the norm of their gradients.
    private static List<Double> step(DType precision, int chunk, double share, List<List<Sample>> micro) {
        Torch.seed(5);
        try (var origin = new Initial();
                var parameters = new Parameters(origin, _ -> true, precision);
                var models = Replicas.of(
                        parameters, 1, source -> model(EagleModel.of(source, CONFIG, 0), precision, chunk));
                var optimiser = new Optimiser(parameters, Optimiser.Settings.REFERENCE)) {
            double loss = 0;
            for (var samples : micro) {
                loss += share
                        * models.learn(models.parts(samples, LONGEST), share).mean();
                optimiser.collect(models);
            }
            return List.of(loss, optimiser.norm());
        }
    }

    /// Rows with as many learned tokens each, so that the mean of means is the mean.
    @Test
    void microBatchesAddUpToTheBatch() {
        var alike = IntStream.range(0, 4)
                .mapToObj(row -> {
                    var ids = IntStream.range(0, 8 + row)
                            .map(t -> 3 + (7 * row + 5 * t) % 37)
                            .toArray();
                    var labels = ids.clone();
                    Arrays.fill(labels, 0, 3 + row, Labels.IGNORE);
                    return new Sample("row " + row, ids, labels, new int[ids.length], Optional.empty());
                })
                .toList();
        var whole = step(DType.F32, LONGEST, 1, List.of(alike));
        var parts = step(DType.F32, LONGEST, 0.5, List.of(alike.subList(0, 2), alike.subList(2, 4)));
        assertThat(parts.getFirst()).isCloseTo(whole.getFirst(), within(1e-5));
        assertThat(parts.getLast()).isCloseTo(whole.getLast(), within(1e-4 * whole.getLast()));
    }

    @Test
    void chunksOfTheLossAddUpToTheWhole() {
        var whole = step(DType.F32, 1000, 1, List.of(SAMPLES));
        for (int chunk : new int[] {1, 7}) {
            var parts = step(DType.F32, chunk, 1, List.of(SAMPLES));
            assertThat(parts.getFirst()).isCloseTo(whole.getFirst(), within(1e-5));
            assertThat(parts.getLast()).isCloseTo(whole.getLast(), within(1e-4 * whole.getLast()));
        }
    }

    @Test
    void bfloat16LearnsFromItsMasters() {
        var wide = train(1, Optional.empty(), DType.F32);
        var narrow = train(1, Optional.empty(), DType.BF16);
        for (int step = 0; step < 4; step++) {
            assertThat(narrow.losses().get(step))
                    .isCloseTo(
                            wide.losses().get(step), within(0.03 * wide.losses().get(step)));
        }
        assertThat(narrow.losses().getLast()).isLessThan(0.98 * narrow.losses().getFirst());
    }

    private static Result train(int count, Optional<Lora> lora) {
        return train(count, lora, DType.F32);
    }

    private static Result train(int count, Optional<Lora> lora, DType precision) {
        Torch.seed(5);
        try (var origin = new Initial();
                var parameters = new Parameters(origin, _ -> lora.isEmpty(), precision, lora);
                var models = Replicas.of(
                        parameters, count, source -> model(EagleModel.of(source, CONFIG, 0), precision, LONGEST));
                var optimiser = new Optimiser(parameters, Optimiser.Settings.REFERENCE)) {
            var losses = new java.util.ArrayList<Double>();
            var norms = new java.util.ArrayList<Double>();
            for (int step = 0; step < 4; step++) {
                var parts = models.parts(SAMPLES, LONGEST);
                assertThat(parts).hasSize(count);
                losses.add(models.learn(parts, 1).mean());
                optimiser.collect(models);
                norms.add(optimiser.norm());
                optimiser.step(_ -> 1e-2, 1);
                for (var parameter : parameters.learned()) { // what computes is what was learned
                    assertThat(parameter.working().detach().to(DType.F32).toFloats())
                            .isEqualTo(parameter
                                    .master()
                                    .detach()
                                    .to(precision)
                                    .to(DType.F32)
                                    .toFloats());
                }
            }
            var weights = parameters.learned().stream()
                    .map(parameter -> parameter.master().detach().toFloats())
                    .toList();
            return new Result(losses, norms, weights);
        }
    }

    @Test
    void partsLearnWhatTheWholeLearns() {
        var whole = train(1, Optional.empty());
        assertThat(whole.losses().getLast()).isLessThan(whole.losses().getFirst());
        for (int count : new int[] {2, 5}) {
            var parts = train(count, Optional.empty());
            for (int step = 0; step < 4; step++) {
                assertThat(parts.losses().get(step)).isCloseTo(whole.losses().get(step), within(1e-4));
                assertThat(parts.norms().get(step)).isCloseTo(whole.norms().get(step), within(1e-3));
            }
        }
    }

    @Test
    void whoIsFirstDoesNotMatter() {
        var once = train(3, Optional.empty());
        for (int i = 0; i < 5; i++) {
            var again = train(3, Optional.empty());
            for (int k = 0; k < once.weights().size(); k++) {
                assertThat(again.weights().get(k)).isEqualTo(once.weights().get(k));
            }
        }
    }

    @Test
    void changesOfLowRankHaveReplicasToo() {
        var lora = Optional.of(new Lora(2, 4, name -> name.endsWith("q_proj.weight")));
        var whole = train(1, lora);
        var parts = train(2, lora);
        assertThat(whole.weights()).isNotEmpty();
        assertThat(parts.losses().getLast())
                .isCloseTo(whole.losses().getLast(), within(1e-4))
                .isNotEqualTo(whole.losses().getFirst());
    }

    @Test
    void anErrorOfAPartIsTheErrorOfAll() {
        Torch.seed(5);
        try (var origin = new Initial();
                var parameters = new Parameters(origin, _ -> true, DType.F32);
                var models = Replicas.of(parameters, 2, source -> model(EagleModel.of(source, CONFIG, 0)))) {
            var beyond =
                    new Sample("beyond", new int[] {1, 39, 40}, new int[] {1, 39, 40}, new int[3], Optional.empty());
            var parts = models.parts(List.of(SAMPLES.getFirst(), beyond), LONGEST);
            assertThatThrownBy(() -> models.learn(parts, 1)).isInstanceOf(AerieException.class);
        }
    }
}
