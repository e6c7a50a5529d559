package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.bench.Bench;
import dev.aerie.bench.MachineLimits;
import dev.aerie.bench.Measured;
import dev.aerie.eagle.PublishedModel;
import dev.aerie.tensor.Torch;
import dev.aerie.train.run.StepBench;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "bench",
        description = {
            "Times the parts of a published model at full size with random weights, against this machine's measured"
                    + " limits.",
            "With --fusion: times ways to join its experts. With --train: a step of training of a small checkpoint."
        })
final class BenchCommand implements Runnable {

    private static final int PROMPT = 1100;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Option(
            names = "--shape",
            defaultValue = "eagle-x5-7b",
            paramLabel = "NAME",
            description = "Which model (${DEFAULT-VALUE}).")
    private String shape = "";

    @Option(names = "--dtype", defaultValue = "float32", paramLabel = "TYPE", description = "float32 or bfloat16.")
    private ModelOptions.Precision precision = ModelOptions.Precision.FLOAT32;

    @Option(
            names = "--part",
            split = ",",
            paramLabel = "PART",
            description = "Only these: preprocess, an expert's name, projector, prefill, decode.")
    private Set<String> parts = new LinkedHashSet<>();

    @Option(
            names = "--runs",
            defaultValue = "1",
            paramLabel = "N",
            description = "Take the best of N (${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--prompt-tokens", paramLabel = "N", description = "Length of the prompt (" + PROMPT + ").")
    private @Nullable Integer promptTokens;

    @Option(
            names = "--train",
            paramLabel = "DIR",
            description =
                    "Instead: steps in which all of this checkpoint learns from a made-up batch. --runs are steps.")
    private @Nullable Path trained;

    @Option(
            names = "--batch",
            defaultValue = "32",
            paramLabel = "N",
            description = "Pictures of a step of training (${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--parts",
            paramLabel = "N",
            description = "Parts of a step of training that are computed at once (default: as many as threads).")
    private int parallel;

    @Option(
            names = "--fusion",
            split = ",",
            paramLabel = "NAME",
            description = {
                "Instead: ways to join the experts, 'all' or some by name, beside channel concatenation: what each",
                "takes from a picture to the first word, planned and measured. 12 decoder layers stand for all."
            })
    private List<String> fusions = List.of();

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with; all cores by default.")
    private int threads;

    @Option(names = "--json", description = "Print one JSON object per part.")
    private boolean json;

    @Override
    public void run() {
        ModelOptions.useThreads(threads);
        int prompt = promptTokens == null ? PROMPT : promptTokens;
        if (batch < 1 || runs < 1 || prompt < 1) {
            throw new AerieException("cannot time a batch of " + batch + ", " + runs + " runs or a prompt of " + prompt
                    + " tokens: expected at least 1");
        }
        var line = Objects.requireNonNull(spec).commandLine();
        if ((trained != null || !fusions.isEmpty()) && (!parts.isEmpty() || promptTokens != null)) {
            throw new CommandLine.ParameterException(
                    line,
                    "--part and --prompt-tokens are for the parts of a model: leave them out beside --fusion or --train");
        }
        if (trained != null) {
            train(trained, line.getOut());
            return;
        }
        var model = PublishedModel.named(shape);
        if (!fusions.isEmpty()) {
            new FusionTable(model.config(), precision.dtype, runs, json).print(fusions, line.getOut());
            return;
        }
        try (var progress = new ProgressLine(line.getErr())) {
            progress.at("machine limits", 0, 2);
            var limits = MachineLimits.measure(precision.dtype);
            if (!json) {
                line.getOut()
                        .printf(
                                Locale.ROOT,
                                "%s in %s; this machine: products %.0f GFLOP/s, reading %.1f GB/s%n%-16s %10s %14s %8s %9s%n",
                                shape,
                                precision.name().toLowerCase(Locale.ROOT),
                                limits.productRate() / 1e9,
                                limits.readRate() / 1e9,
                                "part",
                                "seconds",
                                "rate",
                                "of limit",
                                "peak GiB");
            }
            new Bench(model, precision.dtype, runs, prompt, limits, progress).run(parts, measured -> {
                progress.close();
                print(measured, limits, line.getOut());
            });
        }
    }

    private int parts() {
        return Math.clamp(parallel > 0 ? parallel : Torch.threads(), 1, batch);
    }

    private void train(Path checkpoint, PrintWriter out) {
        var result = new StepBench(checkpoint, precision.dtype, batch, parts()).run(Math.max(2, runs));
        if (json) {
            var object = new LinkedHashMap<String, Object>();
            object.put("seconds", result.seconds());
            object.put("pictures_per_s", batch / result.seconds());
            object.put("losses", result.losses());
            out.println(JsonMapper.shared().writeValueAsString(object));
        } else {
            out.printf(
                    Locale.ROOT,
                    "%.3f s a step of %d pictures, %.0f pictures/s; loss %.4f to %.4f%n",
                    result.seconds(),
                    batch,
                    batch / result.seconds(),
                    result.losses().getFirst(),
                    result.losses().getLast());
        }
    }

    private void print(Measured measured, MachineLimits limits, PrintWriter out) {
        if (json) {
            var object = new LinkedHashMap<String, Object>();
            object.put("part", measured.part());
            object.put("dtype", precision.name().toLowerCase(Locale.ROOT));
            object.put("seconds", measured.seconds());
            object.put("gflop_per_s", measured.gigaFlopsPerSecond());
            object.put("gbyte_per_s", measured.gigaBytesPerSecond());
            object.put("share_of_limit", measured.share());
            object.put("limit_gflop_per_s", limits.productRate() / 1e9);
            object.put("limit_gbyte_per_s", limits.readRate() / 1e9);
            object.put("peak_resident_bytes", measured.peak());
            object.put("note", measured.note());
            out.println(JsonMapper.shared().writeValueAsString(object));
            return;
        }
        var rate = measured.flops() > 0
                ? "%.0f GFLOP/s".formatted(measured.gigaFlopsPerSecond())
                : measured.bytes() > 0 ? "%.1f GB/s".formatted(measured.gigaBytesPerSecond()) : "";
        out.printf(
                Locale.ROOT,
                "%-16s %10.3f %14s %7.0f%% %9.1f  %s%n",
                measured.part(),
                measured.seconds(),
                rate,
                measured.share() * 100,
                measured.peak() / (double) (1 << 30),
                measured.note());
    }
}
