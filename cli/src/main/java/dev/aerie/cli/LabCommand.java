package dev.aerie.cli;

import dev.aerie.lab.eaglet.EagletBuild;
import dev.aerie.lab.eaglet.EagletFiles;
import dev.aerie.lab.eaglet.Miniature;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `aerie lab`: experiments on the drawn world.
@Command(
        name = "lab",
        description = "Experiments on a world that is drawn: Eaglet, the miniature mixture.",
        subcommands = {LabCommand.EagletCommand.class, LabScoreCommand.class},
        synopsisSubcommandLabel = "WHAT")
final class LabCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name an experiment");
    }

    /// `aerie lab eaglet`: makes Eaglet from nothing.
    @Command(
            name = "eaglet",
            description = {
                "Make Eaglet from nothing: experts, decoder, and the paper's three stages.",
                "Started again it goes on where it stopped."
            })
    static final class EagletCommand implements Runnable {

        /// Enough to see a score move by a few points.
        private static final int HELD_OUT = 256;

        @Parameters(paramLabel = "DIR", description = "Folder for all that is made.")
        private Path folder = Path.of("eaglet");

        @Option(
                names = "--budget",
                defaultValue = "1",
                description = "Share of the full number of steps, for trials (default ${DEFAULT-VALUE}).")
        private double budget;

        @Option(names = "--towers", defaultValue = Miniature.X5, description = "Experts (default ${DEFAULT-VALUE}).")
        private String towers = Miniature.X5;

        @Option(names = "--threads", description = "Threads of one operation (default: all cores).")
        private int threads;

        @Option(
                names = "--dtype",
                defaultValue = "bfloat16",
                description = "Precision: float32 or bfloat16 (default ${DEFAULT-VALUE}).")
        private ModelOptions.Precision precision = ModelOptions.Precision.BFLOAT16;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            ModelOptions.useThreads(threads);
            var out = spec.commandLine().getOut();
            new EagletBuild(new EagletFiles(folder), budget, HELD_OUT, precision.dtype, out::println).run(towers);
        }
    }
}
