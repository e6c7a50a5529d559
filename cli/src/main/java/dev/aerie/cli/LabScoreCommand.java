package dev.aerie.cli;

import dev.aerie.eagle.Looking;
import dev.aerie.lab.eaglet.Finders;
import dev.aerie.lab.eaglet.PictureScores;
import dev.aerie.lab.eaglet.Scoring;
import dev.aerie.lab.world.Family;
import dev.aerie.lab.world.Setting;
import dev.aerie.train.report.Interval;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `aerie lab score`: a model on freshly drawn pictures.
@Command(
        name = "score",
        description = {
            "Score a checkpoint of the miniature on pictures drawn for scoring alone.",
            "Intervals are of 95 %% and count pictures, not answers. The last line has the average and all families."
        },
        sortOptions = false)
final class LabScoreCommand implements Runnable {

    /// What `--found` does.
    static final String FOUND =
            "Put what the miniature's detector and text reader find into the prompt, in words. They lie"
                    + " in this folder: experts with their heads, as 'aerie lab eaglet' leaves them in DIR/experts.";

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "DIR",
            description = "The checkpoint: a folder, or eaglet, the one that comes with Aerie.")
    private Path model = Path.of("");

    @Option(names = "--count", defaultValue = "2000", paramLabel = "N", description = "Pictures (${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "S", description = "Which pictures (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with; all cores by default.")
    private int threads;

    @Option(names = "--experts", defaultValue = "asked", paramLabel = "WHICH", description = ModelOptions.EXPERTS)
    private String experts = "asked";

    @Option(names = "--found", paramLabel = "DIR", description = FOUND)
    private @Nullable Path found;

    @Option(names = "--json", description = "Print one JSON object instead.")
    private boolean json;

    @Override
    public void run() {
        var line = Objects.requireNonNull(spec).commandLine();
        var checkpoint = ShippedModels.find(model);
        ModelOptions.useThreads(threads);
        long start = System.nanoTime();
        try (var progress = new ProgressLine(line.getErr());
                var finders = found == null ? null : new Finders(found)) {
            var scores = new Scoring(Setting.FULL, count, seed)
                    .of(checkpoint, Looking.parse(experts), Optional.ofNullable(finders), progress);
            progress.close();
            if (json) {
                line.getOut().println(json(scores, (System.nanoTime() - start) / 1e9));
            } else {
                table(scores, line.getOut());
            }
        }
    }

    private static void table(PictureScores scores, PrintWriter out) {
        for (var family : Family.values()) {
            var score = scores.all().of(family);
            out.println("%-6s %s  %s of %s"
                    .formatted(
                            family.label(),
                            share(score.share(), scores.interval(family)),
                            Plain.count(score.right()),
                            Plain.count(score.asked())));
        }
        out.println("%-6s %s".formatted("avg", share(scores.all().average(), scores.averageInterval())));
        out.println(scores.all().line());
    }

    private static String share(double share, Interval interval) {
        return String.format(
                Locale.ROOT, "%5.1f %%  (%.1f to %.1f)", 100 * share, 100 * interval.low(), 100 * interval.high());
    }

    private String json(PictureScores scores, double seconds) {
        var json = new LinkedHashMap<String, Object>();
        json.put("model", model.toString());
        json.put("count", scores.pictures());
        json.put("seed", seed);
        json.put("average", share(scores.all().average(), scores.averageInterval(), Map.of()));
        var families = new LinkedHashMap<String, Object>();
        for (var family : Family.values()) {
            var score = scores.all().of(family);
            var counts = new LinkedHashMap<String, Integer>();
            counts.put("right", score.right());
            counts.put("asked", score.asked());
            families.put(family.label(), share(score.share(), scores.interval(family), counts));
        }
        json.put("families", families);
        json.put("seconds", seconds);
        return JsonMapper.shared().writeValueAsString(json);
    }

    private static Map<String, Object> share(double share, Interval interval, Map<String, Integer> counts) {
        var json = new LinkedHashMap<String, Object>();
        json.put("share", share);
        json.put("low", interval.low());
        json.put("high", interval.high());
        json.putAll(counts);
        return json;
    }
}
