package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.RecordException;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.train.recipe.Stage;
import java.nio.file.Path;
import java.util.Optional;

/// What a run holds out, by which its model is judged. It is opened once: to find the places of all
/// records may take as long as a validation.
final class HeldOut implements AutoCloseable {

    private final Stage.Run run;
    private final Stage.Validation held;
    private final SampleMaker maker;
    private final Examples examples;

    private HeldOut(Stage.Run run, Stage.Validation held, SampleMaker maker, Examples examples) {
        this.run = run;
        this.held = held;
        this.maker = maker;
        this.examples = examples;
    }

    /// Opens what a run holds out; empty where it is not judged. A mistake in it is to be heard of
    /// before the first step, not at the first validation.
    ///
    /// @param maker of the samples to learn from
    /// @throws AerieException if no sample can be used
    static Optional<HeldOut> open(Stage.Run run, SampleMaker maker) {
        return run.stage().validation().map(held -> {
            var opened = new HeldOut(run, held, maker, new StageData(run.stage()).heldOut(held, maker));
            try {
                StageData.requireSome(run, opened.examples, held.mixture(), "validation.mixture");
                opened.requireUsable();
                return opened;
            } catch (RuntimeException e) {
                opened.close();
                throw e;
            }
        });
    }

    /// A wrong folder makes all samples with a picture unusable: one that can be used suffices.
    private void requireUsable() {
        Optional<RecordException> flaw = Optional.empty(); // of a sample with a picture
        boolean texts = false;
        for (long i = 0; i < count(); i++) {
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

    private int count() {
        return (int) Math.min(held.count(), examples.size());
    }

    /// Judges a model and lets it answer a few samples.
    ///
    /// @param folder of the run; the pictures of these samples go below it
    Validation judge(TrainingModel model, Path folder) {
        long begin = System.nanoTime();
        var stage = run.stage();
        int longest = held.maxLength().orElse(stage.data().maxLength());
        var found = new Judge(model, stage.batch().micro(), longest).of(examples, held.count());
        var samples = new SampleAnswers(model, maker.withMaxLength(longest), folder).of(examples, count());
        return found.with((System.nanoTime() - begin) / 1e9, samples);
    }

    @Override
    public void close() {
        examples.close();
    }
}
