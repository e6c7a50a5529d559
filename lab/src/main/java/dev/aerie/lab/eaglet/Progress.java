package dev.aerie.lab.eaglet;

import dev.aerie.lab.world.Family;
import dev.aerie.train.log.LogSink;
import dev.aerie.train.log.StepLog;
import dev.aerie.train.log.ValidationLog;
import java.util.Locale;
import java.util.function.Consumer;

/// Says in a line now and then how a run of a stage goes.
///
/// @param name  of the run
/// @param batch pictures of a step
record Progress(String name, int batch, Consumer<String> say) implements LogSink {

    private static final int EVERY = 50;

    @Override
    public void step(StepLog step) {
        if (step.step() % EVERY == 0 || step.step() <= 2) {
            say.accept(String.format(
                    Locale.ROOT,
                    "%s: step %d of %d, loss %.4f, norm %.2f, %.0f pictures/s",
                    name,
                    step.step(),
                    step.of(),
                    step.loss(),
                    step.gradientNorm(),
                    batch / step.seconds()));
        }
    }

    @Override
    public void validation(ValidationLog validation) {
        var line = new StringBuilder(String.format(
                Locale.ROOT, "%s: after step %d: avg %.1f", name, validation.step(), 100 * validation.exactMatch()));
        for (var family : Family.values()) {
            line.append(String.format(
                    Locale.ROOT,
                    "  %s %.0f",
                    family.label(),
                    100 * validation.kinds().getOrDefault(family.label(), 0.0)));
        }
        say.accept(line.toString());
    }

    @Override
    public void close() {}
}
