package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.bench.Work;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.Loader;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.log.TerminalLog;
import dev.aerie.train.model.Batch;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.train.plan.Plan;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.start.Initial;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// How long a step of a stage takes on this machine, measured.
///
/// @param seconds of one step
/// @param samples of the training set; empty if it was not opened
/// @param how     it was measured, in words
public record StepTime(double seconds, OptionalLong samples, String how) {

    private static final int BATCHES = 16;
    private static final int VOCABULARY = 1024;
    private static final int LOSS_CHUNK = 1024;

    /// Below so many seconds a measurement is repeated: what is done for the first time takes longer.
    private static final double SHORT = 20;

    /// Computes one micro-batch of real samples and one update of all that learns (at rate 0), and adds up a step of
    /// them.
    static StepTime measure(Stage stage, Examples examples, Training.Learner learner, SampleMaker maker) {
        int accumulation = stage.batch().accumulation(1);
        var parts = learner.models().parts(samples(stage, examples), maker.maxLength());
        double micro = seconds(() -> learner.learn(parts, accumulation));
        double update = seconds(() -> {
            learner.optimiser().norm();
            learner.optimiser().step(_ -> 0, 1);
        });
        var how = String.format(
                Locale.ROOT,
                "%d x %s for a micro-batch of %d (rows of %,d) and %s for an update",
                accumulation,
                TerminalLog.duration(micro),
                parts.stream().mapToInt(Batch::rows).sum(),
                parts.stream().mapToInt(Batch::tokens).max().orElse(0),
                TerminalLog.duration(update));
        return new StepTime(accumulation * micro + update, OptionalLong.of(examples.size()), how);
    }

    /// A full micro-batch from all over the data.
    private static List<Sample> samples(Stage stage, Examples examples) {
        int micro = stage.batch().micro();
        long size = examples.size();
        var spread = IntStream.range(0, BATCHES * micro)
                .map(i -> Math.toIntExact(i * size / (BATCHES * micro)))
                .toArray();
        try (var loader = new Loader(examples, size == 0 ? new int[0] : spread, 0, micro)) {
            for (var next = loader.next(); next.isPresent(); next = loader.next()) {
                if (next.get().size() == micro) {
                    return next.get();
                }
            }
        }
        throw new AerieException("cannot measure a step of " + stage.name() + ": the data have no " + micro
                + " whole samples together; look at them with 'aerie data check'");
    }

    /// Where there is no model or data to measure with: the rate of operations at which one decoder layer of the
    /// model's width learns from a row, and what the whole step would take at it.
    ///
    /// @param config of the model
    /// @param plan   of the stage
    public static StepTime scaled(EagleConfig config, Plan plan) {
        var language = config.language().withLayers(1).withVocabulary(VOCABULARY);
        var alone = config.withTowers("").withLanguage(language);
        var stage = plan.stage();
        int row = Math.min(plan.row(), language.maxPositions());
        try (var origin = new Initial();
                var parameters =
                        new Parameters(origin, _ -> true, stage.precision().dtype())) {
            var model = new TrainingModel(
                    EagleModel.of(parameters, alone, 0),
                    stage.precision().dtype(),
                    Viewing.NONE,
                    _ -> false,
                    stage.recompute(),
                    LOSS_CHUNK);
            var ids = IntStream.range(0, row).map(i -> (i * 7 + 1) % VOCABULARY).toArray();
            var batch = Batch.of(List.of(new Sample("", ids, ids, new int[row], Optional.empty())), row);
            double taken = seconds(() -> model.learn(batch, 1));
            var layer = Work.decoder(language, row);
            double blocks = layer.count() * layer.flops();
            double head = 2.0 * row * language.hidden() * VOCABULARY;
            double rate = (3 * (blocks + head) + (stage.recompute() ? blocks : 0)) / taken;
            var how = String.format(
                    Locale.ROOT,
                    "scaled: one of %d decoder layers learns from a row of %,d in %s, %.1f GFLOP/s, at which all %.1f"
                            + " TFLOP of a step would be done",
                    config.language().layers(),
                    row,
                    TerminalLog.duration(taken),
                    rate / 1e9,
                    plan.flopsPerStep() / 1e12);
            return new StepTime(plan.flopsPerStep() / rate, OptionalLong.empty(), how);
        }
    }

    private static double seconds(Runnable work) {
        double first = once(work);
        return first < SHORT
                ? Arrays.stream(new double[] {once(work), once(work)}).min().orElse(first)
                : first;
    }

    private static double once(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e9;
    }
}
