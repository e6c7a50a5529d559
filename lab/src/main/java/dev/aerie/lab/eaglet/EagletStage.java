package dev.aerie.lab.eaglet;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.model.Batch;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.Part;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.train.optimise.Average;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.recipe.Schedule;
import dev.aerie.train.run.Export;
import dev.aerie.train.run.Snapshots;
import dev.aerie.train.run.StepReport;
import dev.aerie.train.run.Training;
import dev.aerie.train.run.Validation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A stage of training on the drawn world: which parts learn, how fast, how long.
///
/// @param name      of the stage, for its snapshots
/// @param towers    the mixture; empty for the decoder alone, which then reads captions
/// @param rates     by part; a part that is not named is frozen
/// @param steps     to do in all
/// @param batch     pictures of a step
/// @param run       number of the run, for the seeds of its pictures
/// @param average   decay of the averaged weights that are written; 0 for the last weights
/// @param judged    pictures that scores on the way are taken on
/// @param precision of the computation
public record EagletStage(
        String name,
        String towers,
        Map<Part, Double> rates,
        long steps,
        int batch,
        long run,
        double average,
        int judged,
        DType precision) {

    private static final Optimiser.Settings ADAM = new Optimiser.Settings(0.9, 0.98, 1e-8, 0.02);
    private static final double WARMUP = 0.05;
    private static final double FLOOR = 0.03;
    private static final double CLIP = 1;
    private static final int LOSS_CHUNK = 4096;
    private static final long KEEP_EVERY = 100;
    private static final long JUDGE_EVERY = 200;

    /// Positions of a row of training: visual tokens, the caption and as many questions as fit.
    private static final int LONGEST = Miniature.GRID * Miniature.GRID + 128;

    private static final int LONGEST_JUDGED = 640;

    /// The projector of the miniature: with a norm, see [dev.aerie.fusion.Projector].
    public static final String PROJECTOR = "mlp2x_gelu_norm";

    /// Hears of steps, and of scores with their step.
    public record Listeners(Consumer<StepReport> step, BiConsumer<Long, FamilyScores> scores) {}

    /// The configuration of a model of the miniature's size.
    public static EagleConfig config(String towers, Tokenizer tokenizer) {
        return new EagleConfig(
                towers.isEmpty() ? "LlamaForCausalLM" : "EagleLlamaForCausalLM",
                Miniature.language(tokenizer.size()),
                towers,
                Miniature.shape(),
                PROJECTOR,
                Aspect.PAD,
                tokenizer.eos().stream().boxed().collect(Collectors.toSet()),
                LONGEST_JUDGED);
    }

    /// Runs the stage, from its newest snapshot if there is one, and writes the result as a checkpoint.
    ///
    /// @param origin    where the weights come from
    /// @param tokenizer folder of the tokenizer, which goes into the checkpoint
    /// @param snapshots folder for what is needed to go on
    /// @param result    folder of the checkpoint
    public void run(ParameterSource origin, Path tokenizer, Path snapshots, Path result, Listeners listeners) {
        var words = Tokenizer.open(tokenizer);
        var config = config(towers, words);
        try (var parameters = new Parameters(origin, name -> rates.getOrDefault(Part.of(name), 0.0) > 0, precision)) {
            var eagle = EagleModel.of(parameters, config, 0);
            var model = new TrainingModel(
                    eagle,
                    precision,
                    ImageProcessor.clip(World.SIDE, Aspect.PAD),
                    _ -> rates.containsKey(Part.EXPERTS),
                    false,
                    LOSS_CHUNK);
            try (var optimiser = new Optimiser(parameters, ADAM)) {
                var mean = average > 0 ? Optional.of(new Average(parameters, average)) : Optional.<Average>empty();
                train(model, parameters, optimiser, mean, words, new Snapshots(snapshots, 2), listeners);
                new Export(config, tokenizer, DType.BF16)
                        .writeTo(result, parameters, mean.map(Average::values).orElse(Map.of()));
                mean.ifPresent(Average::close);
            }
        }
    }

    private void train(
            TrainingModel model,
            Parameters parameters,
            Optimiser optimiser,
            Optional<Average> mean,
            Tokenizer words,
            Snapshots snapshots,
            Listeners listeners) {
        var schedule = new Schedule(Schedule.Kind.COSINE, Math.round(WARMUP * steps), steps, FLOOR);
        var settings = new Training.Settings(steps, batch, 1, LONGEST_JUDGED, CLIP, KEEP_EVERY, JUDGE_EVERY);
        var learner = new Training.Learner(model, parameters, optimiser, mean);
        Training.Rates pace = (step, name) -> rates.getOrDefault(Part.of(name), 0.0) * schedule.factor(step);
        var latest = new AtomicReference<>(new FamilyScores());
        Supplier<Validation> judge = () -> {
            var scores = scores(model, words);
            latest.set(scores);
            return new Validation(0, scores.average(), scores.asked());
        };
        BiConsumer<Long, Validation> judged =
                (step, _) -> listeners.scores.accept(step, Objects.requireNonNull(latest.get()));
        var training =
                new Training(settings, learner, pace, snapshots, judge, new Training.Listeners(listeners.step, judged));
        long pictures = steps * batch;
        var order = IntStream.range(0, Math.toIntExact(pictures)).toArray();
        var examples = towers.isEmpty()
                ? new PageExamples(new WorldExamples(Split.TRAINING, run, pictures, maker(words, LONGEST)))
                : new WorldExamples(Split.TRAINING, run, pictures, maker(words, LONGEST));
        training.run(examples, order);
    }

    private static SampleMaker maker(Tokenizer words, int longest) {
        return new SampleMaker(
                words,
                Template.guess(words),
                ImageProcessor.clip(World.SIDE, Aspect.PAD),
                RowForm.INDEPENDENT_TURNS,
                longest,
                Miniature.GRID * Miniature.GRID);
    }

    private FamilyScores scores(TrainingModel model, Tokenizer words) {
        return scores(model, words, Split.VALIDATION, run, judged, towers.isEmpty());
    }

    public static FamilyScores scores(TrainingModel model, Tokenizer words, Split split, long run, int pictures) {
        return scores(model, words, split, run, pictures, false);
    }

    /// Scores a model on pictures of a split that it has not seen.
    private static FamilyScores scores(TrainingModel model, Tokenizer words, Split split, long run, int pictures, boolean pages) {
        var examples = new WorldExamples(split, run, pictures, maker(words, LONGEST_JUDGED));
        var scores = new FamilyScores();
        for (int from = 0; from < pictures; from += 32) {
            int end = Math.min(pictures, from + 32);
            var drawings =
                    IntStream.range(from, end).mapToObj(examples::drawing).toList();
            var samples = IntStream.range(from, end).mapToObj(i -> pages ? new PageExamples(examples).get(i) : examples.get(i)).toList();
            var batch = Batch.of(samples, Miniature.GRID * Miniature.GRID, LONGEST_JUDGED);
            for (var answer : model.judge(batch).answers()) {
                WorldExamples.turns(drawings.get(answer.row()))
                        .get(answer.turn() - 1)
                        .question()
                        .ifPresent(question -> scores.add(question.family(), answer.exact()));
            }
        }
        return scores;
    }
}
