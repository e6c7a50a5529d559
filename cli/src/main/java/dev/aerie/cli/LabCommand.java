package dev.aerie.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `aerie lab`: experiments on the drawn world.
@Command(
        name = "lab",
        description = "Experiments on a drawn world: a mixture made from nothing, scores, routing, distilling.",
        subcommands = {LabEagletCommand.class, LabScoreCommand.class, LabMovaCommand.class, LabRadioCommand.class},
        synopsisSubcommandLabel = "WHAT")
final class LabCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name an experiment");
    }
}
