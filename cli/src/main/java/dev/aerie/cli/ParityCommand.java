package dev.aerie.cli;

import dev.aerie.parity.GoldenFile;
import dev.aerie.parity.Measure;
import dev.aerie.parity.Outcome;
import dev.aerie.parity.Parity;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "parity",
        description = "Runs golden cases: compares this machine's numbers with the reference implementation's.")
final class ParityCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folder with golden cases.")
    private Path folder = Path.of("");

    @Option(names = "--kind", split = ",", paramLabel = "KIND", description = "Only these kinds; all by default.")
    private Set<String> kinds = new LinkedHashSet<>();

    @Option(names = "--json", description = "Print one JSON object per case.")
    private boolean json;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with; all cores by default.")
    private int threads;

    @Override
    public Integer call() {
        ModelOptions.useThreads(threads);
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        List<GoldenFile> files = Parity.find(folder, kinds);
        var outcomes = Parity.run(files, outcome -> print(outcome, out));
        long failed = outcomes.stream().filter(outcome -> !outcome.passed()).count();
        if (!json) {
            out.printf("%d passed, %d failed%n", outcomes.size() - failed, failed);
        }
        return failed > 0 || outcomes.isEmpty() ? Main.FAILURE : 0;
    }

    private void print(Outcome outcome, PrintWriter out) {
        if (json) {
            out.println(JsonMapper.shared()
                    .writeValueAsString(Map.of(
                            "kind", outcome.kind(),
                            "case", outcome.name(),
                            "passed", outcome.passed(),
                            "measures", outcome.measures())));
            return;
        }
        out.printf("%-6s %s %s%n", outcome.passed() ? "ok" : "FAILED", outcome.kind(), outcome.name());
        for (var measure : outcome.measures()) {
            if (!measure.passed() || measure.tolerance() > 0) {
                out.printf("         %-24s %s%n", measure.field(), describe(measure));
            }
        }
    }

    private static String describe(Measure measure) {
        return measure.detail().isEmpty()
                ? "%.2e of %.2e".formatted(measure.difference(), measure.tolerance())
                : measure.detail();
    }
}
