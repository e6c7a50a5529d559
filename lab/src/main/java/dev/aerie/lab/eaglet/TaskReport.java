package dev.aerie.lab.eaglet;

import dev.aerie.lab.pretrain.Pretraining;
import dev.aerie.lab.pretrain.Task;
import dev.aerie.lab.world.Split;
import java.util.Locale;
import java.util.function.Consumer;

/// Says how a task gets on: a line now and then, and the score on unseen pictures.
///
/// @param name     of the part that is made
/// @param settings of its run
/// @param heldOut  pictures that scores are taken on
public record TaskReport(String name, Task task, Pretraining.Settings settings, int heldOut, Consumer<String> say)
        implements Pretraining.Listener {

    private static final long LINE_EVERY = 50;
    private static final long SCORE_EVERY = 200;

    @Override
    public void step(long step, double loss, double seconds) {
        if (step % LINE_EVERY == 0) {
            say.accept(String.format(
                    Locale.ROOT,
                    "%s: step %d of %d, loss %.4f, %.0f pictures/s",
                    name,
                    step,
                    settings.steps(),
                    loss,
                    settings.batch() / seconds));
        }
        if (step % SCORE_EVERY == 0 || step == settings.steps()) {
            var unseen = Pretraining.drawings(settings.setting(), Split.VALIDATION, settings.run(), 0, heldOut);
            say.accept(String.format(Locale.ROOT, "%s: %s %.3f", name, task.measure(), task.score(unseen)));
        }
    }
}
