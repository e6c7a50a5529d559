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
import dev.aerie.train.data.RecordException;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.data.Sampler;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.log.JsonLines;
import dev.aerie.train.log.JsonLog;
import dev.aerie.train.log.LogSink;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.log.StepLog;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /// What is done with all that a stage needs.
    private interface Work<R> {
        R with(Start start, Examples examples, Training.Learner learner, LearningRates rates, SampleMaker maker);
    }

    /// Trains from the newest snapshot, or from the start, to the end.
    public void train() {
        try (var _ = claim()) {
            trainAlone();
        }
    }

    /// Two processes would write over each other's logs and snapshots.
    private Claim claim() {
        return Claim.on(folder.root())
                .orElseThrow(() -> new AerieException("cannot train in " + folder.root()
                        + ": another process is training there; wait for its end, or name another folder"));
    }

    private void trainAlone() {
        if (new Snapshots(folder.checkpoints(), 1).newest().isPresent()) {
            RunSettings.require(folder.recipe(), run);
        }
        prepare((start, examples, learner, rates, maker) -> {
            var snapshots = train(start, examples, learner, rates, maker);
            if (run.stage().keep().exportsBest()) {
                snapshots.restoreBest(learner.parameters(), learner.optimiser(), learner.average());
            }
            record();
            new Export(
                            exported(start.config()),
                            start.tokenizer(),
                            run.stage().precision().dtype())
                    .writeTo(
                            result(),
                            learner.parameters(),
                            learner.average().map(Average::values).orElse(Map.of()));
            return true;
        });
    }

    /// A result says how it was made.
    private void record() {
        AtomicFile.write(record(result()), RunNotes.alone(run).yaml());
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
        return prepare((_, examples, learner, _, maker) -> StepTime.measure(run.stage(), examples, learner, maker));
    }

    private <R> R prepare(Work<R> work) {
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

    private <R> R prepare(Start start, Parameters parameters, LearningRates rates, Work<R> work) {
        var stage = run.stage();
        try (var models = Replicas.of(
                parameters,
                stage.batch().parts(),
                source -> model(EagleModel.of(source, start.config(), EagleModel.CLIP_INPUT), parameters))) {
            return prepare(start, models, parameters, rates, work);
        }
    }

    private <R> R prepare(Start start, Replicas models, Parameters parameters, LearningRates rates, Work<R> work) {
        var stage = run.stage();
        var maker = maker(Tokenizer.open(start.tokenizer()), models.first());
        var average = stage.ema().stream()
                .mapToObj(decay -> new Average(parameters, decay))
                .findFirst();
        var adam = stage.optimiser();
        try (var examples = new StageData(stage).training(maker);
                var optimiser = new Optimiser(
                        parameters,
                        new Optimiser.Settings(adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay()))) {
            requireSome(examples, stage.data().mixture(), "data.mixture");
            var learner = new Training.Learner(models, parameters, optimiser, average);
            return work.with(start, examples, learner, rates, maker);
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

    private Snapshots train(
            Start start, Examples examples, Training.Learner learner, LearningRates rates, SampleMaker maker) {
        var stage = run.stage();
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
        requireHeldOut(maker);
        var snapshots = new Snapshots(
                folder.checkpoints(), stage.keep().last(), stage.keep().best());
        var before = snapshots.newestState();
        long done = before.step();
        long validated = JsonLines.read(folder.validation(), ValidationLog.class).stream()
                .mapToLong(ValidationLog::step)
                .filter(step -> step <= done) // later ones are done again
                .max()
                .orElse(0);
        if (done > 0) {
            RunSettings.requireData(folder, examples);
        }
        var notes = RunNotes.begin(folder, run, start, examples, Counts.of(before.counts()));
        try (var logs = LogSink.all(
                List.of(new JsonLog(folder, done), new TensorBoardLog(folder.tensorBoard(), done), terminal))) {
            var training = new Training(
                    settings,
                    learner,
                    (step, name) -> peak(rates, name) * schedule.factor(step),
                    snapshots,
                    () -> learner.average()
                            .map(average -> average.during(() -> validate(learner.model(), maker)))
                            .orElseGet(() -> validate(learner.model(), maker)),
                    new Training.Listeners(
                            report -> {
                                logs.step(log(report, steps));
                                notes.step(report);
                            },
                            (step, found) -> {
                                logs.validation(log(step, found));
                                found.samples().forEach(sample -> logs.sample(sample.after(step)));
                            }));
            training.run(examples, order(examples, new StageData(stage).samples(steps), accumulation), validated);
        }
        return snapshots;
    }

    /// Adapters learn at the rate that the recipe gives them.
    private double peak(LearningRates rates, String name) {
        return name.contains(".lora_")
                ? run.stage().lora().map(Stage.Lora::rate).orElse(0.0)
                : rates.rate(name);
    }

    private static StepLog log(StepReport report, long steps) {
        return new StepLog(
                report.step(),
                steps,
                report.loss(),
                report.rate(),
                report.norm(),
                report.counts().tokens(),
                report.tokens() / report.seconds(),
                report.seconds(),
                report.seconds() * (steps - report.step()),
                report.counts().allSkipped(),
                Torch.residentBytes());
    }

    private static ValidationLog log(long step, Validation found) {
        var kinds = new LinkedHashMap<String, Double>();
        found.kinds().forEach((kind, score) -> kinds.put(kind, score.share()));
        return new ValidationLog(step, found.loss(), found.exact(), found.answers(), found.seconds(), kinds);
    }

    /// The order of `count` samples: epoch after epoch, each from a seed of its own. An epoch ends with a whole batch,
    /// for which its first samples are taken again, so that groups of the next begin with a batch, too.
    private int[] order(Examples examples, int count, int accumulation) {
        var data = run.stage().data();
        int size = Math.toIntExact(examples.size());
        int global = run.stage().batch().global();
        var sampler = switch (data.order()) {
            case SEQUENTIAL -> new Sampler.Sequential(size);
            case SHUFFLE -> new Sampler.Shuffled(size);
            case MODALITY_LENGTH ->
                new Sampler.Grouped(
                        Sampler.lengths(examples), run.stage().batch().micro(), accumulation);
        };
        var order = new int[count];
        int at = 0;
        for (long epoch = 0; at < order.length && size > 0; epoch++) {
            var one = sampler.order(data.seed() + epoch);
            int whole = Math.ceilDiv(one.length, global) * global;
            for (int i = 0; i < whole && at < order.length; i++) {
                order[at++] = one[i % one.length];
            }
        }
        return Arrays.copyOf(order, at);
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

    /// A mistake in what is held out is to be heard of before the first step, not at the first validation.
    private void requireHeldOut(SampleMaker maker) {
        run.stage().validation().ifPresent(held -> {
            try (var examples = new StageData(run.stage()).heldOut(held, maker)) {
                requireSome(examples, held.mixture(), "validation.mixture");
                requireUsable(examples, held);
            }
        });
    }

    /// A wrong folder makes all samples with a picture unusable: one that can be used suffices.
    private void requireUsable(Examples examples, Stage.Validation held) {
        Optional<RecordException> flaw = Optional.empty(); // of a sample with a picture
        boolean texts = false;
        for (long i = 0; i < Math.min(held.count(), examples.size()); i++) {
            boolean seen = examples.length(i) > 0;
            try {
                examples.get(i);
                if (seen) {
                    return;
                }
                texts = true;
            } catch (RecordException e) {
                flaw = seen ? Optional.of(e) : flaw;
            }
        }
        if (flaw.isPresent() || !texts) {
            throw new AerieException("cannot run the stage " + run.name() + ": no sample in '" + held.mixture()
                    + (flaw.isPresent() ? "' with a picture" : "'") + " (validation.mixture) can be used"
                    + flaw.map(each -> ": " + each.getMessage()).orElse("")
                    + "; 'aerie data check' finds what is wrong with them");
        }
    }

    private void requireSome(Examples examples, String mixture, String key) {
        if (examples.size() == 0) {
            throw new AerieException("cannot run the stage " + run.name() + ": there are no samples in '" + mixture
                    + "' (" + key + "); expected one at least");
        }
    }

    private Validation validate(TrainingModel model, SampleMaker maker) {
        long begin = System.nanoTime();
        var stage = run.stage();
        var held = stage.validation().orElseThrow();
        int longest = held.maxLength().orElse(stage.data().maxLength());
        try (var examples = new StageData(stage).heldOut(held, maker)) {
            var judge = new Judge(model, stage.batch().micro(), longest);
            var found = judge.of(examples, held.count());
            int count = (int) Math.min(held.count(), examples.size());
            var samples = new SampleAnswers(model, maker.withMaxLength(longest), folder.root()).of(examples, count);
            return found.with((System.nanoTime() - begin) / 1e9, samples);
        }
    }
}
