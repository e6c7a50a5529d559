package dev.aerie.cli;

import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// How the laboratory computes what it makes, and where it says how that goes.
final class MakingOptions {

    @Option(names = "--threads", paramLabel = "N", description = "Threads of one operation; all cores by default.")
    private int threads;

    @Option(
            names = "--dtype",
            defaultValue = "bfloat16",
            description = "Precision: float32 or bfloat16 (default ${DEFAULT-VALUE}).")
    private ModelOptions.Precision precision = ModelOptions.Precision.BFLOAT16;

    @Spec(Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /// To be called before anything is computed.
    ModelOptions.Precision begin() {
        ModelOptions.useThreads(threads);
        return precision;
    }

    /// Prints a line at once.
    Consumer<String> say() {
        return Plain.printing(command.commandLine().getOut());
    }
}
