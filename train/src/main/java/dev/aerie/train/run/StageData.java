package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.train.data.Corpus;
import dev.aerie.train.data.Dataset;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.ExamplesSource;
import dev.aerie.train.data.Mixture;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.recipe.Pace;
import dev.aerie.train.recipe.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static Corpus corpus(String mixture, Path folder) {
        return Corpus.open(Mixture.find(mixture, named(folder)));
    }

    /// A recipe that says nothing has an empty path.
    private static Optional<Path> named(Path folder) {
        return Optional.of(folder).filter(path -> !path.toString().isEmpty());
    }
}
