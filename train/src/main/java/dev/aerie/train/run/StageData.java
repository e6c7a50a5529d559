package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.train.data.Corpus;
import dev.aerie.train.data.Dataset;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.ExamplesSource;
import dev.aerie.train.data.Mixture;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.data.Sampler;
import dev.aerie.train.recipe.Pace;
import dev.aerie.train.recipe.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// The data of a stage: samples that a source makes, or records of files.
record StageData(Stage stage) {

    /// What is learned from.
    Examples training(SampleMaker maker) {
        var data = stage.data();
        return source(data.mixture())
                .map(source -> source.open(new ExamplesSource.Request(
                        ExamplesSource.Use.TRAINING, named(data.folder()), taken(), data.seed(), maker)))
                .orElseGet(() -> new Dataset(corpus(data.mixture(), data.folder()), maker));
    }

    /// What is held out.
    Examples heldOut(Stage.Validation held, SampleMaker maker) {
        var longer = held.maxLength().isPresent()
                ? maker.withMaxLength(held.maxLength().getAsInt())
                : maker;
        return source(held.mixture())
                .map(source -> source.open(new ExamplesSource.Request(
                        ExamplesSource.Use.VALIDATION,
                        named(held.folder()),
                        held.count(),
                        stage.data().seed(),
                        longer)))
                .orElseGet(() -> new Dataset(corpus(held.mixture(), held.folder()), longer));
    }

    /// Refuses data without samples.
    ///
    /// @param key of the mixture in recipes
    static void requireSome(Stage.Run run, Examples examples, String mixture, String key) {
        if (examples.size() == 0) {
            throw new AerieException("cannot run the stage " + run.name() + ": there are no samples in '" + mixture
                    + "' (" + key + "); expected one at least");
        }
    }

    /// A file of that name comes first.
    private static Optional<ExamplesSource> source(String mixture) {
        return Files.isRegularFile(Path.of(mixture)) ? Optional.empty() : ExamplesSource.named(mixture);
    }

    /// How many samples the stage takes.
    private long taken() {
        if (stage.pace().length() instanceof Pace.Length.Steps(var steps)) {
            return samples(steps);
        }
        throw new AerieException("cannot tell how long the stage " + stage.name() + " is: the data '"
                + stage.data().mixture() + "' is made as it is needed and has no end; set schedule.steps instead of"
                + " epochs");
    }

    /// Samples of so many steps. Their order is held as a whole.
    int samples(long steps) {
        int most = Integer.MAX_VALUE / stage.batch().global();
        if (steps > most) {
            throw new AerieException("cannot run the stage " + stage.name() + ": " + steps + " steps of "
                    + stage.batch().global() + " samples are more than can be put in order; expected " + most
                    + " steps at most (schedule.steps or epochs)");
        }
        return Math.toIntExact(steps * stage.batch().global());
    }

    /// The order of the samples of so many steps: epoch after epoch, each from a seed of its own. An
    /// epoch ends with a whole batch, for which its first samples are taken again, so that groups of
    /// the next begin with a batch, too.
    int[] order(Examples examples, long steps) {
        var data = stage.data();
        var batch = stage.batch();
        int size = Math.toIntExact(examples.size());
        var sampler = switch (data.order()) {
            case SEQUENTIAL -> new Sampler.Sequential(size);
            case SHUFFLE -> new Sampler.Shuffled(size);
            case MODALITY_LENGTH ->
                new Sampler.Grouped(Sampler.lengths(examples), batch.micro(), batch.accumulation(1));
        };
        var order = new int[samples(steps)];
        int at = 0;
        for (long epoch = 0; at < order.length && size > 0; epoch++) {
            var one = sampler.order(data.seed() + epoch);
            int whole = Math.ceilDiv(one.length, batch.global()) * batch.global();
            for (int i = 0; i < whole && at < order.length; i++) {
                order[at++] = one[i % one.length];
            }
        }
        return Arrays.copyOf(order, at);
    }

    private static Corpus corpus(String mixture, Path folder) {
        return Corpus.open(Mixture.find(mixture, named(folder)));
    }

    /// A recipe that says nothing has an empty path.
    private static Optional<Path> named(Path folder) {
        return Optional.of(folder).filter(path -> !path.toString().isEmpty());
    }
}
