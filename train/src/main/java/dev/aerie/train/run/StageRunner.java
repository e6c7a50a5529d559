package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.files.AtomicFile;
import dev.aerie.files.Claim;
import dev.aerie.fusion.Fusions;
import dev.aerie.tensor.Torch;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.log.JsonLines;
import dev.aerie.train.log.JsonLog;
import dev.aerie.train.log.LogSink;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.log.TensorBoardLog;
import dev.aerie.train.log.ValidationLog;
import dev.aerie.train.model.Lora;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.Replicas;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.train.optimise.Average;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.plan.ModelShape;
import dev.aerie.train.recipe.LearningRates;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.start.Start;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Runs one stage as its record says: opens its starting point and its data, trains, and writes the result.
///
/// @param run      the stage, and the expert that it is for where each has a run of its own
/// @param folder   for logs, snapshots and, unless the stage says otherwise, the result
/// @param terminal hears of the run beside the logs in the folder
public record StageRunner(Stage.Run run, RunFolder folder, LogSink terminal) {

    private static final int ALL_AT_ONCE = Integer.MAX_VALUE;

    /// Where the result goes.
    public Path result() {
        return result(run, folder);
    }

    /// Where the result of a run goes that has this folder.
    static Path result(Stage.Run run, RunFolder folder) {
        return run.stage()
                .to()
                .map(to -> run.tower().map(to::resolve).orElse(to))
                .orElseGet(folder::export);
    }

    /// All that a run computes with.
    private record Prepared(Start start, Training.Learner learner, LearningRates rates, SampleMaker maker) {}

    /// Which snapshot becomes the result of a run that is not trained to its end.
    public enum Kept {
        /// The newest.
        LAST,
        /// The best of those that were judged.
        BEST
    }

    /// Trains from the newest snapshot, or from the start, to the end.
    public void train() {
        try (var _ = claim()) {
            trainAlone();
        }
    }

    /// Makes the result of what a run has kept, as if it ended there; the run counts as finished then.
    ///
    /// @return the step that was taken
    /// @throws AerieException if nothing was kept, or nothing was judged and the best is asked for
    public long finish(Kept kept) {
        if (snapshots().newest().isEmpty()) { // before a claim makes its folder
            throw new AerieException("cannot finish " + run.name() + ": no step of it is kept in "
                    + folder.checkpoints() + "; train it to its first snapshot (keep.every: "
                    + run.stage().keep().every() + " steps)");
        }
        try (var _ = claim()) {
            RunSettings.require(folder.recipe(), run);
            return prepare(prepared -> {
                long step = restore(prepared.learner(), kept).step();
                write(prepared, "finished early, after step " + step);
                return step;
            });
        }
    }

    private Snapshots.State restore(Training.Learner learner, Kept kept) {
        return switch (kept) {
            case LAST ->
                snapshots()
                        .restore(learner.parameters(), learner.optimiser(), learner.average())
                        .orElseThrow();
            case BEST -> snapshots().restoreBest(learner.parameters(), learner.optimiser(), learner.average());
        };
    }

    private Snapshots snapshots() {
        var keep = run.stage().keep();
        return new Snapshots(folder.checkpoints(), keep.last(), keep.best());
    }

    /// Two processes would write over each other's logs and snapshots.
    private Claim claim() {
        return Claim.on(folder.root())
                .orElseThrow(() -> new AerieException("cannot train in " + folder.root()
                        + ": another process is training there; wait for its end, or name another folder"));
    }

    private void trainAlone() {
        if (snapshots().newest().isPresent()) {
            RunSettings.require(folder.recipe(), run);
        }
        prepare(prepared -> {
            try (var examples = training(prepared.maker())) {
                train(prepared, examples);
            }
            if (run.stage().keep().exportsBest()) {
                restore(prepared.learner(), Kept.BEST);
            }
            write(prepared, "");
            return true;
        });
    }

    /// Writes the result, which says how it was made.
    ///
    /// @param how it was, where the stage alone does not tell
    private void write(Prepared prepared, String how) {
        AtomicFile.write(record(result()), RunNotes.alone(run, how).yaml());
        var learner = prepared.learner();
        new Export(
                        exported(prepared.start().config()),
                        prepared.start().tokenizer(),
                        run.stage().precision().dtype())
                .writeTo(
                        result(),
                        learner.parameters(),
                        learner.average().map(Average::values).orElse(Map.of()));
    }

    /// Where a result says how it was made: the stage as a recipe.
    static Path record(Path result) {
        return result.resolve("training.yaml");
    }

    /// The model looks at pictures as it was trained to, and reads rows as long.
    private EagleConfig exported(EagleConfig config) {
        var data = run.stage().data();
        int longest = Math.min(data.maxLength(), config.language().maxPositions());
        var reading = config.withMaxLength(Math.max(config.maxLength(), longest));
        return config.towers().isEmpty() ? reading : reading.withAspect(data.aspect());
    }

    /// Measures how long a step takes. Nothing is written.
    public StepTime measure() {
        return prepare(prepared -> {
            try (var examples = training(prepared.maker())) {
                return StepTime.measure(run.stage(), examples, prepared.learner(), prepared.maker());
            }
        });
    }

    private Examples training(SampleMaker maker) {
        var examples = new StageData(run.stage()).training(maker);
        try {
            StageData.requireSome(run, examples, run.stage().data().mixture(), "data.mixture");
            return examples;
        } catch (RuntimeException e) {
            examples.close();
            throw e;
        }
    }

    private <R> R prepare(Function<Prepared, R> work) {
        var stage = run.stage();
        Torch.setProductThreads(1);
        try (var start = Start.open(stage.from(), run.tower())) {
            var shape = ModelShape.of(start);
            var rates = LearningRates.of(stage, start.config().towers(), shape.names(), shape.layers());
            Torch.seed(stage.seed());
            var lora = stage.lora().map(each -> new Lora(each.rank(), each.alpha(), each::adapts));
            try (var parameters = new Parameters(
                    start.source(),
                    name -> !rates.isFrozen(name),
                    stage.precision().dtype(),
                    lora)) {
                return prepare(start, parameters, rates, work);
            }
        }
    }

    private <R> R prepare(Start start, Parameters parameters, LearningRates rates, Function<Prepared, R> work) {
        var stage = run.stage();
        try (var models = Replicas.of(
                parameters,
                stage.batch().parts(),
                source -> model(EagleModel.of(source, start.config(), EagleModel.CLIP_INPUT), parameters))) {
            return prepare(start, models, parameters, rates, work);
        }
    }

    private <R> R prepare(
            Start start, Replicas models, Parameters parameters, LearningRates rates, Function<Prepared, R> work) {
        var stage = run.stage();
        var maker = maker(Tokenizer.open(start.tokenizer()), models.first());
        var average = stage.ema().stream()
                .mapToObj(decay -> new Average(parameters, decay))
                .findFirst();
        var adam = stage.optimiser();
        try (var optimiser = new Optimiser(
                parameters, new Optimiser.Settings(adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay()))) {
            var learner = new Training.Learner(models, parameters, optimiser, average);
            return work.apply(new Prepared(start, learner, rates, maker));
        } finally {
            average.ifPresent(Average::close);
        }
    }

    private TrainingModel model(EagleModel eagle, Parameters parameters) {
        var stage = run.stage();
        var viewing = eagle.vision()
                .map(vision -> Viewing.of(vision, stage.data().aspect()))
                .orElse(Viewing.NONE);
        return new TrainingModel(
                eagle,
                stage.precision().dtype(),
                viewing,
                i -> parameters.learned().stream().anyMatch(learned -> isOf(learned.name(), i)),
                stage.recompute(),
                stage.lossChunk() == 0 ? ALL_AT_ONCE : stage.lossChunk());
    }

    /// Whether a parameter belongs to an expert, by its number in a mixture, or lies between its blocks; one that
    /// stands for itself, as LLaVA's CLIP does, has none.
    static boolean isOf(String parameter, int expert) {
        if (Fusions.isAdapter(parameter)) {
            return expert == 0;
        }
        return parameter.contains("vision_towers.")
                ? parameter.contains("vision_towers." + expert + ".")
                : parameter.startsWith("model.vision_tower") && !Fusions.owns(parameter);
    }

    private void train(Prepared prepared, Examples examples) {
        var held = HeldOut.open(run, prepared.maker());
        try {
            train(prepared, examples, held);
        } finally {
            held.ifPresent(HeldOut::close);
        }
    }

    private void train(Prepared prepared, Examples examples, Optional<HeldOut> held) {
        var stage = run.stage();
        var learner = prepared.learner();
        long perEpoch = Math.max(1, Math.ceilDiv(examples.size(), stage.batch().global()));
        var schedule = stage.pace().schedule(perEpoch);
        long steps = schedule.steps();
        int accumulation = stage.batch().accumulation(1);
        var settings = new Training.Settings(
                steps,
                stage.batch().micro(),
                accumulation,
                stage.data().maxLength(),
                stage.clip(),
                Math.max(1, stage.keep().every()),
                stage.validation().map(Stage.Validation::every).orElse(0));
        var snapshots = snapshots();
        var before = snapshots.newestState();
        long done = before.step();
        long validated = JsonLines.read(folder.validation(), ValidationLog.class).stream()
                .mapToLong(ValidationLog::step)
                .filter(step -> step <= done) // later ones are done again
                .max()
                .orElse(0);
        if (done > 0) {
            RunSettings.requireData(folder, run, examples);
        }
        var notes = RunNotes.begin(folder, run, prepared.start(), examples, Counts.of(before.counts()));
        try (var logs = LogSink.all(
                List.of(new JsonLog(folder, done), new TensorBoardLog(folder.tensorBoard(), done), terminal))) {
            var training = new Training(
                    settings,
                    learner,
                    (step, name) -> peak(prepared.rates(), name) * schedule.factor(step),
                    snapshots,
                    () -> judge(learner, held.orElseThrow()),
                    new Training.Listeners(
                            report -> {
                                logs.step(report.log(steps));
                                notes.step(report);
                            },
                            (step, found) -> {
                                logs.validation(found.log(step));
                                found.samples().forEach(sample -> logs.sample(sample.after(step)));
                            }));
            training.run(examples, new StageData(stage).order(examples, steps), validated);
        }
    }

    /// The average is judged where there is one.
    private Validation judge(Training.Learner learner, HeldOut held) {
        return learner.average()
                .map(average -> average.during(() -> held.judge(learner.model(), folder.root())))
                .orElseGet(() -> held.judge(learner.model(), folder.root()));
    }

    /// Adapters learn at the rate that the recipe gives them.
    private double peak(LearningRates rates, String name) {
        return name.contains(".lora_")
                ? run.stage().lora().map(Stage.Lora::rate).orElse(0.0)
                : rates.rate(name);
    }

    private SampleMaker maker(Tokenizer words, TrainingModel model) {
        var data = run.stage().data();
        return new SampleMaker(
                words,
                data.template().map(Template::named).orElseGet(() -> Template.guess(words)),
                model.viewing(),
                data.rows() == Stage.Rows.CONVERSATION ? RowForm.CONVERSATION : RowForm.INDEPENDENT_TURNS,
                data.maxLength());
    }
}
