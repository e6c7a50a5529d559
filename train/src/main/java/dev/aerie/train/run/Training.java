package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.Loader;
import dev.aerie.train.data.Sample;
import dev.aerie.train.model.Batch;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.Replicas;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.train.optimise.Average;
import dev.aerie.train.optimise.Optimiser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The loop of a stage: takes samples in order, learns from them, and keeps what it needs to go on from any step as if
/// it had never stopped. The threads of the replicas compute; others load.
public final class Training {

    /// So many broken samples in a row at the beginning are no accident.
    private static final int ALL_BROKEN = 64;

    private static final int MOST_NAMED = 32;

    /// The learning rate of a parameter in a step.
    @FunctionalInterface
    public interface Rates {
        /// @param step counted from 0
        double of(long step, String parameter);
    }

    /// @param steps      to do in all
    /// @param micro      samples at a time
    /// @param accumulate micro batches of a step
    /// @param longest    rows are cut to so many positions
    /// @param clip       the largest norm of the gradient; 0 for any
    /// @param keepEvery  steps between snapshots
    /// @param judgeEvery steps between validations; 0 for none
    public record Settings(
            long steps, int micro, int accumulate, int longest, double clip, long keepEvery, long judgeEvery) {}

    /// The parts that a run changes.
    ///
    /// @param average of the weights, where one is kept
    public record Learner(Replicas models, Parameters parameters, Optimiser optimiser, Optional<Average> average) {

        TrainingModel model() {
            return models.first();
        }

        /// Learns from a micro batch: its gradients are added to those of the step's others.
        ///
        /// @param parts      of the micro batch
        /// @param accumulate micro batches of a step
        TrainingModel.Loss learn(List<Batch> parts, int accumulate) {
            var loss = models.learn(parts, 1.0 / accumulate);
            if (accumulate > 1 || parts.size() > 1) {
                optimiser.collect(models);
            }
            return loss;
        }
    }

    /// Hears what happens.
    ///
    /// @param step       after each step
    /// @param validation after each validation, with its step
    public record Listeners(Consumer<StepReport> step, BiConsumer<Long, Validation> validation) {}

    private final Settings settings;
    private final Learner learner;
    private final Rates rates;
    private final Snapshots snapshots;
    private final Supplier<Validation> validator;
    private final Listeners listeners;

    public Training(
            Settings settings,
            Learner learner,
            Rates rates,
            Snapshots snapshots,
            Supplier<Validation> validator,
            Listeners listeners) {
        this.settings = settings;
        this.learner = learner;
        this.rates = rates;
        this.snapshots = snapshots;
        this.validator = validator;
        this.listeners = listeners;
    }

    /// Runs from where the newest snapshot stands, or from the beginning, to the last step. A validation that was due
    /// there and did not come about is made up for.
    ///
    /// @param order     of the examples, for all epochs
    /// @param validated the last step that a validation is known of
    /// @throws AerieException if a loss is no number: the last snapshot is then from before
    public Snapshots.State run(Examples examples, int[] order, long validated) {
        var state = snapshots
                .restore(learner.parameters, learner.optimiser, learner.average)
                .orElse(Snapshots.State.START);
        if (validated < state.step() && isJudged(state.step())) {
            state = judged(state);
            snapshots.note(state);
        }
        if (state.step() >= settings.steps) {
            return state;
        }
        var before = Counts.of(state.counts());
        long tokens = 0;
        try (var loader = new Loader(examples, order, Math.toIntExact(state.position()), settings.micro)) {
            while (state.step() < settings.steps) {
                var report = step(loader, state.step(), before.plus(tokens, Map.of()));
                if (report.isEmpty()) {
                    break;
                }
                tokens += report.get().tokens();
                state = after(state, report.get());
                listeners.step.accept(report.get());
                requireSamples(report.get(), loader);
                state = judgedOrKept(state);
                if (isKept(state)) {
                    snapshots.save(state, learner.parameters, learner.optimiser, learner.average);
                }
            }
        }
        return state;
    }

    /// Some broken samples are left out; data of which none can be used is a mistake.
    private void requireSamples(StepReport report, Loader loader) {
        long skipped = report.counts().allSkipped();
        boolean asked = skipped >= ALL_BROKEN || report.step() == settings.steps;
        if (report.counts().tokens() == 0 && asked && !loader.skipped().isEmpty()) {
            throw new AerieException("stopped in step " + report.step() + ": all " + skipped
                    + " samples so far are broken; the first: "
                    + loader.skipped().getFirst().reason() + "; 'aerie data check' finds them all");
        }
    }

    private boolean isKept(Snapshots.State state) {
        boolean best = state.best().map(each -> each.step() == state.step()).orElse(false);
        return state.step() % settings.keepEvery == 0
                || state.step() == settings.steps
                || best && snapshots.keepsBest();
    }

    private static Snapshots.State after(Snapshots.State state, StepReport report) {
        return new Snapshots.State(
                report.step(), report.position(), state.best(), report.counts().kept());
    }

    /// What was learned is kept where judging it fails.
    private Snapshots.State judgedOrKept(Snapshots.State state) {
        try {
            return judged(state);
        } catch (RuntimeException | Error e) {
            snapshots.save(state, learner.parameters, learner.optimiser, learner.average);
            throw e;
        }
    }

    private boolean isJudged(long step) {
        return settings.judgeEvery > 0 && (step % settings.judgeEvery == 0 || step == settings.steps);
    }

    private Snapshots.State judged(Snapshots.State state) {
        if (!isJudged(state.step())) {
            return state;
        }
        var validation = validator.get();
        listeners.validation.accept(state.step(), validation);
        double score = validation.score();
        boolean better = state.best().map(best -> score > best.score()).orElse(true);
        return better
                ? new Snapshots.State(
                        state.step(),
                        state.position(),
                        Optional.of(new Snapshots.Best(score, state.step())),
                        state.counts())
                : state;
    }

    /// One step; empty where the order has ended.
    private Optional<StepReport> step(Loader loader, long step, Counts before) {
        long begin = System.nanoTime();
        double loss = 0;
        long tokens = 0;
        long learned = 0;
        var seen = new ArrayList<String>(); // ids alone: pictures take memory
        for (int i = 0; i < settings.accumulate; i++) {
            var samples = loader.next();
            if (samples.isEmpty()) {
                if (i == 0) {
                    return Optional.empty();
                }
                break;
            }
            if (samples.get().isEmpty()) {
                continue;
            }
            seen.addAll(ids(samples.get()));
            var parts = learner.models.parts(samples.get(), settings.longest);
            var micro = learner.learn(parts, settings.accumulate);
            if (!Double.isFinite(micro.mean())) {
                throw notFinite(step, "the loss is " + micro.mean(), ids(samples.get()));
            }
            loss += micro.mean() / settings.accumulate;
            tokens += parts.stream()
                    .flatMapToInt(part -> Arrays.stream(part.lengths()))
                    .sum();
            learned += micro.learned();
        }
        double norm = learner.optimiser.norm();
        if (!Double.isFinite(norm)) {
            throw notFinite(step, "the gradient's norm is " + norm + " (loss " + loss + ")", seen);
        }
        double divisor = settings.clip > 0 ? Math.max(1, norm / settings.clip) : 1;
        learner.optimiser.step(name -> rates.of(step, name), divisor);
        learner.average.ifPresent(average -> average.take(step + 1));
        double rate = learner.parameters.learned().stream()
                .mapToDouble(parameter -> rates.of(step, parameter.name()))
                .max()
                .orElse(0);
        double seconds = (System.nanoTime() - begin) / 1e9;
        var counts = before.plus(tokens, loader.flaws());
        return Optional.of(
                new StepReport(step + 1, loss, rate, norm, tokens, learned, seconds, loader.position(), counts));
    }

    private static List<String> ids(List<Sample> samples) {
        return samples.stream().map(Sample::id).toList();
    }

    /// @param seen the samples that it comes of
    private static AerieException notFinite(long step, String what, List<String> seen) {
        return new AerieException("stopped in step " + (step + 1) + ": " + what
                + "; the newest snapshot is of an earlier step. Samples: "
                + seen.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (seen.size() > MOST_NAMED ? " and " + (seen.size() - MOST_NAMED) + " more" : "")
                + "; look at them with 'aerie data show', or lower the rate or clip the gradient, in another folder;"
                + " 'aerie train RECIPE --finish last' (or best) makes a model of what is kept");
    }
}
