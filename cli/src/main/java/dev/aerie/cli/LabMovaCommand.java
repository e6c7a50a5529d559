package dev.aerie.cli;

import dev.aerie.lab.eaglet.MovaBuild;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `aerie lab mova`: a miniature that chooses its experts.
@Command(
        name = "mova",
        description = {
            "Make a miniature that chooses its experts question by question, from one that always asks all (MoVA).",
            "An adapter learns with any of the experts (DIR/adapter), each set of experts is scored (DIR/quality.json), and the",
            "decoder learns to name the best for a question (DIR/routed). Experts stay as they are. Started again it goes on",
            "where it stopped; 'lab score --experts' compares."
        },
        sortOptions = false)
final class LabMovaCommand implements Runnable {

    @Parameters(paramLabel = "DIR", description = "Folder for all that is made.")
    private Path folder = Path.of("mova");

    @Option(
            names = {"-m", "--model"},
            defaultValue = ShippedModels.EAGLET,
            paramLabel = "DIR",
            description = "The trained mixture: a folder, or eaglet, the one that comes with Aerie.")
    private Path model = Path.of(ShippedModels.EAGLET);

    @Option(
            names = "--budget",
            defaultValue = "1",
            description = "Share of the full number of steps, for trials (default ${DEFAULT-VALUE}).")
    private double budget;

    @Option(
            names = "--count",
            defaultValue = "500",
            paramLabel = "N",
            description = "Pictures that each set of experts is scored on (${DEFAULT-VALUE}).")
    private int count;

    @Mixin
    private MakingOptions making = new MakingOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        var precision = making.begin();
        var out = spec.commandLine().getOut();
        var build = new MovaBuild(folder, ShippedModels.find(model), budget, count, precision.dtype, making.say());
        var quality = build.run();
        out.println("best three for all questions: " + String.join(";", quality.best(3)));
        quality.labels()
                .forEach((family, towers) -> out.println(
                        "%-6s %s".formatted(family.label(), towers.isEmpty() ? "first" : String.join(";", towers))));
    }
}
