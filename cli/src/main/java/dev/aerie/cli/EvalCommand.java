package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.Progress;
import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Benchmarks;
import dev.aerie.evaluate.benchmark.Judge;
import dev.aerie.evaluate.benchmark.Scoring;
import dev.aerie.evaluate.data.DataFolder;
import dev.aerie.evaluate.data.Digest;
import dev.aerie.evaluate.report.EvalReport;
import dev.aerie.evaluate.run.Disturbance;
import dev.aerie.evaluate.run.EvalFolder;
import dev.aerie.evaluate.run.Evaluation;
import dev.aerie.evaluate.run.Keeping;
import dev.aerie.evaluate.run.OpenAiJudge;
import dev.aerie.evaluate.run.Part;
import dev.aerie.evaluate.run.Settings;
import dev.aerie.files.Claim;
import dev.aerie.tiling.TilingChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `aerie eval`: the public benchmarks.
@Command(
        name = "eval",
        description = {
            "Score a checkpoint on public benchmarks, as the reference scores them.",
            "A run that was stopped goes on when the same is started again."
        },
        subcommands = {EvalDataCommand.class, EvalMergeCommand.class, EvalReportCommand.class, EvalStrictCommand.class},
        sortOptions = false)
final class EvalCommand implements Runnable {

    /// The secret for a judge is taken from here, so that it stands in no command line.
    private static final String SECRET = "AERIE_JUDGE_KEY";

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @ArgGroup(exclusive = false)
    private @Nullable ModelOptions model;

    @Option(
            names = {"-b", "--benchmark"},
            split = ",",
            paramLabel = "NAME",
            description = "Benchmarks, after each other in one load; 'aerie eval data' lists them.")
    private List<String> benchmarks = new ArrayList<>();

    @Option(
            names = {"-d", "--data"},
            paramLabel = "DIR",
            description = "Folder with the data: Parquet files or the authors' own, in folders by benchmark or alone.")
    private Path data = Path.of("");

    @Option(
            names = {"-o", "--output"},
            defaultValue = "eval",
            paramLabel = "DIR",
            description = "Folder of the run (${DEFAULT-VALUE}).")
    private Path output = Path.of("");

    @Option(
            names = "--batch",
            defaultValue = "8",
            paramLabel = "N",
            description = "Questions at once (${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "Pictures whose features are kept between batches (twice the batch); 0 looks at each anew.")
    private @Nullable Integer keep;

    @Option(
            names = "--samples",
            defaultValue = "96",
            paramLabel = "N",
            description = "Samples of each benchmark that the report shows, with pictures (${DEFAULT-VALUE}).")
    private int samples;

    @Option(names = "--limit", defaultValue = "0", paramLabel = "N", description = "Records of each; 0 for all.")
    private long limit;

    @Option(
            names = "--max-tokens",
            defaultValue = "0",
            paramLabel = "N",
            description = "The most tokens of an answer; 0 for each benchmark's own number.")
    private int maxTokens;

    @Option(names = "--part", defaultValue = "1/1", paramLabel = "I/N", description = "Part I of N; see 'eval merge'.")
    private String part = "1/1";

    @Option(names = "--strict", description = "Score without the known faults of the reference.")
    private boolean strict;

    @Option(
            names = "--pictures",
            defaultValue = "as-is",
            paramLabel = "HOW",
            description = "as-is, blank, shuffled or resized:N: how far do answers rest on the pictures?")
    private String pictures = "as-is";

    @Option(
            names = "--judge",
            paramLabel = "URL",
            description = "Ask a language model about answers that rules do not decide (MMBench, MathVista): an address"
                    + " that speaks OpenAI's protocol. Its key is taken from " + SECRET + ".")
    private @Nullable String judge;

    @Option(names = "--judge-model", defaultValue = "default", paramLabel = "NAME", description = "The judge's model.")
    private String judgeModel = "default";

    @Option(
            names = "--compare",
            arity = "2",
            paramLabel = "RUN",
            description = "Compare two runs instead: paired tests, and the samples whose score changed.")
    private List<Path> compare = new ArrayList<>();

    @Override
    public void run() {
        var line = Objects.requireNonNull(spec).commandLine();
        if (!compare.isEmpty()) {
            new EvalComparison(compare.getFirst(), compare.getLast()).print(output, line.getOut());
            return;
        }
        if (model == null || benchmarks.isEmpty() || data.toString().isEmpty()) {
            throw new AerieException(
                    "cannot evaluate: name a checkpoint with --model, benchmarks with --benchmark and the"
                            + " folder of their data with --data");
        }
        var asked = benchmarks.stream().map(Benchmarks::named).distinct().toList();
        Part.of(part);
        Disturbance.of(pictures);
        var keeping = new Keeping(keep == null ? 2 * Math.max(0, batch) : keep, samples);
        asked.forEach(benchmark -> DataFolder.open(benchmark, data).close()); // before a model is loaded
        var folder = new EvalFolder(output);
        try (var _ = claim();
                var eagle = model.open(Progress.SILENT)) {
            run(eagle, asked, folder, keeping);
        }
        EvalTable.print(EvalReport.write(folder), folder.settings(), line.getOut());
        line.getOut().println(Plain.text(folder.report().toString()));
    }

    /// Two processes would write over each other's answers.
    private Claim claim() {
        return Claim.on(output)
                .orElseThrow(() -> new AerieException("cannot evaluate in " + output
                        + ": another process does; wait for its end, or name another folder with --output"));
    }

    private void run(Eagle eagle, List<Benchmark> asked, EvalFolder folder, Keeping keeping) {
        var settings = settings(eagle);
        folder.begin(settings);
        try (var judging = judging(folder);
                var progress = new EvalProgress(
                        Objects.requireNonNull(spec).commandLine().getErr())) {
            var evaluation = new Evaluation(eagle, settings, new Scoring(strict, judging.judge), keeping);
            for (var benchmark : asked) {
                try (var records = DataFolder.open(benchmark, data)) {
                    evaluation.run(benchmark, records, folder, progress);
                }
            }
        }
    }

    private Settings settings(Eagle eagle) {
        return new Settings(
                Objects.requireNonNull(model).folder().toString(),
                Digest.ofCheckpoint(ShippedModels.find(model.folder())),
                eagle.options().precision().toString(),
                eagle.template().name(),
                eagle.options().clipInput(),
                eagle.options().tiling().map(TilingChoice::toString).orElse(""),
                eagle.options().looking().text(),
                eagle.options().towers().text(),
                eagle.options().wholePrompt(),
                batch,
                limit,
                maxTokens,
                part,
                pictures,
                strict,
                judge == null ? "" : judgeModel + " at " + OpenAiJudge.place(judge));
    }

    /// A judge, if one is asked for, and what is to be closed with it.
    private record Judging(Judge judge, Optional<OpenAiJudge> open) implements AutoCloseable {

        @Override
        public void close() {
            open.ifPresent(OpenAiJudge::close);
        }
    }

    private Judging judging(EvalFolder folder) {
        if (judge == null) {
            return new Judging(Judge.NONE, Optional.empty());
        }
        var secret = Optional.ofNullable(System.getenv(SECRET)).filter(key -> !key.isBlank());
        var open = new OpenAiJudge(judge, judgeModel, secret, folder.judgements());
        return new Judging(open, Optional.of(open));
    }
}
