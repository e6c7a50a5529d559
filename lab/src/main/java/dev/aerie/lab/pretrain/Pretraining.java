package dev.aerie.lab.pretrain;

import dev.aerie.AerieException;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.recipe.Schedule;
import dev.aerie.train.run.Snapshots;
import dev.aerie.train.start.Initial;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.LongStream;

/// Trains one expert on its task: every picture is drawn for the step that uses it, and none is seen twice. Goes
/// on from the newest snapshot.
public final class Pretraining {

    /// @param setting   of the world
    /// @param run       number of the run, for the seeds of its pictures
    /// @param steps     to do in all
    /// @param batch     pictures of a step
    /// @param rate      the highest learning rate
    /// @param keepEvery steps between snapshots
    public record Settings(Setting setting, long run, long steps, int batch, double rate, long keepEvery) {}

    /// Hears of a step: its number, loss and seconds.
    @FunctionalInterface
    public interface Listener {
        void step(long step, double loss, double seconds);
    }

    private static final Optimiser.Settings ADAM = new Optimiser.Settings(0.9, 0.98, 1e-8, 0.02);
    private static final double WARMUP = 0.05;
    private static final double FLOOR = 0.03;
    private static final double CLIP = 1;
    private static final int AHEAD = 3;

    private final Settings settings;
    private final Schedule schedule;
    private final Task task;
    private final Parameters parameters;
    private final Snapshots snapshots;

    public Pretraining(Settings settings, Task task, Parameters parameters, Snapshots snapshots) {
        this.settings = settings;
        schedule = new Schedule(Schedule.Kind.COSINE, Math.round(WARMUP * settings.steps), settings.steps, FLOOR);
        this.task = task;
        this.parameters = parameters;
        this.snapshots = snapshots;
    }

    /// Makes a task with fresh weights, runs it to the last step, and hands it on while its weights are there.
    ///
    /// @param seed      of the weights
    /// @param precision that the task computes in
    /// @param snapshots folder for what is needed to go on
    /// @param make      makes the task from the source of its weights
    /// @param report    of the task, hears of its steps
    /// @param then      gets the weights as they have become, and the task
    public static <T extends Task> void learn(
            Settings settings,
            long seed,
            DType precision,
            Path snapshots,
            Function<ParameterSource, T> make,
            Function<? super T, Listener> report,
            BiConsumer<Parameters, T> then) {
        Torch.seed(seed);
        try (var initial = new Initial();
                var parameters = new Parameters(initial, _ -> true, precision)) {
            var task = make.apply(parameters);
            new Pretraining(settings, task, parameters, new Snapshots(snapshots, 1)).run(report.apply(task));
            then.accept(parameters, task);
        }
    }

    /// Runs to the last step.
    public void run(Listener listener) {
        try (var _ = snapshots.claim();
                var optimiser = new Optimiser(parameters, ADAM)) {
            var state =
                    snapshots.restore(parameters, optimiser, Optional.empty()).orElse(Snapshots.State.START);
            var queue = new ArrayBlockingQueue<Future<List<Drawing>>>(AHEAD);
            var painter = Thread.ofVirtual().name("painter").start(painter(state.step(), queue));
            try {
                for (long step = state.step(); step < settings.steps; step++) {
                    long begin = System.nanoTime();
                    double loss = step(queue.take().get(), optimiser, step);
                    listener.step(step + 1, loss, (System.nanoTime() - begin) / 1e9);
                    if ((step + 1) % settings.keepEvery == 0 || step + 1 == settings.steps) {
                        var kept =
                                new Snapshots.State(step + 1, (step + 1) * settings.batch, Optional.empty(), Map.of());
                        snapshots.save(kept, parameters, optimiser, Optional.empty());
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AerieException("learning was interrupted; started again it goes on", e);
            } catch (ExecutionException e) {
                throw new AerieException("drawing pictures failed: " + e.getCause(), e);
            } finally {
                painter.interrupt();
            }
        }
    }

    private double step(List<Drawing> batch, Optimiser optimiser, long step) {
        try (var _ = TensorScope.open()) {
            var loss = task.loss(batch);
            double value = loss.item();
            loss.backward();
            double norm = optimiser.norm();
            if (!Double.isFinite(value) || !Double.isFinite(norm)) {
                throw new AerieException("stopped learning (" + task.measure() + ") in step " + (step + 1)
                        + ": the loss is " + value + " and the gradient's norm " + norm
                        + "; the last snapshot is from before; lower the rate");
            }
            double rate = settings.rate * schedule.factor(step);
            optimiser.step(_ -> rate, Math.max(1, norm / CLIP));
            return value;
        }
    }

    /// Hands on batches, or what went wrong with one.
    private Runnable painter(long from, BlockingQueue<Future<List<Drawing>>> queue) {
        return () -> {
            try {
                for (long step = from; step < settings.steps; step++) {
                    long first = step * settings.batch;
                    var batch = new FutureTask<>(
                            () -> drawings(settings.setting, Split.TRAINING, settings.run, first, settings.batch));
                    batch.run();
                    queue.put(batch);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /// The pictures of a split's run from number `from` on.
    public static List<Drawing> drawings(Setting setting, Split split, long run, long from, int count) {
        return LongStream.range(from, from + count)
                .mapToObj(i -> setting.draw(split.seed(run, i)))
                .toList();
    }
}
