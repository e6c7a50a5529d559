package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.image.Pictures;
import dev.aerie.lab.world.ContactSheet;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Kind;
import dev.aerie.lab.world.Series;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.WorldWriter;
import dev.aerie.lab.world.WorldWriter.Turns;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "world",
        description = "Draws pictures of the miniature world, with questions whose answers are known.",
        sortOptions = false)
final class WorldCommand implements Runnable {

    /// Where the pictures go.
    static final class Target {

        @Option(names = "--sheet", paramLabel = "FILE", description = "A PNG with all pictures side by side.")
        private @Nullable Path sheet;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                description = "A folder with PNGs and world.json, records in LLaVA's form.")
        private @Nullable Path out;
    }

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @ArgGroup(multiplicity = "1", exclusive = false)
    private Target target = new Target();

    @Option(names = "--count", defaultValue = "64", paramLabel = "N", description = "Pictures (${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "S", description = "Which pictures (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--split",
            defaultValue = "training",
            paramLabel = "NAME",
            description = "What they are for: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}); no picture is for two.")
    private Split split = Split.TRAINING;

    @Option(
            names = "--kind",
            split = ",",
            paramLabel = "KIND",
            description = "Only these kinds: ${COMPLETION-CANDIDATES}; all by default.")
    private Set<Kind> kinds = EnumSet.noneOf(Kind.class);

    @Option(
            names = "--turns",
            defaultValue = "questions",
            paramLabel = "WHAT",
            description = "What a record asks: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Turns turns = Turns.QUESTIONS;

    @Override
    public void run() {
        var line = Objects.requireNonNull(spec).commandLine();
        var series = new Series(split, seed, kinds);
        if (target.sheet != null) {
            Pictures.writePng(ContactSheet.of(drawings(series)), target.sheet);
            line.getOut().println(target.sheet + ": " + count + " pictures");
        }
        if (target.out != null) {
            try (var progress = new ProgressLine(line.getErr())) {
                new WorldWriter(series, count, turns)
                        .write(target.out, done -> progress.at("pictures", Math.toIntExact(done) - 1, count));
            }
            line.getOut().println(target.out + ": " + count + " pictures");
        }
    }

    private List<Drawing> drawings(Series series) {
        if (count < 1 || count > ContactSheet.MOST) {
            throw new AerieException(
                    "cannot draw a sheet of " + count + " pictures: expected 1 to " + ContactSheet.MOST);
        }
        return series.drawings().limit(count).toList();
    }
}
