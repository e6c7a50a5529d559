package dev.aerie.cli;

import dev.aerie.lab.eaglet.EagletBuild;
import dev.aerie.lab.eaglet.EagletFiles;
import dev.aerie.lab.eaglet.Miniature;
import dev.aerie.train.recipe.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aerie lab eaglet`: makes Eaglet from nothing.
@Command(
        name = "eaglet",
        description = {
            "Make Eaglet from nothing: experts, then the stages of the recipe eaglet, with pages before the last.",
            "Started again it goes on where it stopped."
        })
final class LabEagletCommand implements Runnable {

    /// Enough to see a score move by a few points.
    private static final int HELD_OUT = 256;

    @Parameters(paramLabel = "DIR", description = "Folder for all that is made.")
    private Path folder = Path.of("eaglet");

    @Option(
            names = "--budget",
            defaultValue = "1",
            description =
                    "Share of the full number of steps, for trials (default ${DEFAULT-VALUE}); with --as of what is"
                            + " made in DIR/NAME, where something was made in DIR before.")
    private double budget;

    @Option(names = "--towers", defaultValue = Miniature.X5, description = "Experts (default ${DEFAULT-VALUE}).")
    private String towers = Miniature.X5;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Change a setting of the recipe: fine-tune.learn.experts=0, variant=blind.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description = "Keep what differs from other variants in DIR/NAME; what they share stays in DIR.")
    private @Nullable String variant;

    @Option(
            names = "--only",
            paramLabel = "PART",
            description = {
                "Make one part alone, so that several processes can share the work: an expert (clip-448),",
                "captions, notes, reading, linked, recalling, pages, pre-align, pre-align/clip-448, projector, paging or"
                        + " fine-tune."
            })
    private @Nullable String only;

    @Mixin
    private MakingOptions making = new MakingOptions();

    @Override
    public void run() {
        var precision = making.begin();
        var files = new EagletFiles(folder);
        var build = new EagletBuild(
                variant == null ? files : files.of(variant),
                towers,
                budget,
                HELD_OUT,
                precision == ModelOptions.Precision.BFLOAT16 ? Stage.Precision.BFLOAT16 : Stage.Precision.FLOAT32,
                set,
                making.say());
        if (only == null) {
            build.run();
        } else {
            build.runOnly(only);
        }
    }
}
