package dev.aerie.cli;

import dev.aerie.AerieException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "doctor",
        description = "Looks whether this machine is fit, tests it for some seconds, and gives advice.",
        footer = "%nExit code 1 if something essential is broken.")
final class DoctorCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to test with; all cores by default.")
    private int threads;

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(spec).commandLine();
        var findings = new ArrayList<>(Machine.findings());
        Optional<SelfTest.Result> tested = Optional.empty();
        if (!isBroken(findings)) {
            ModelOptions.useThreads(threads);
            tested = test(findings, line.getErr());
        }
        if (json) {
            line.getOut().println(json(findings, tested));
        } else {
            findings.forEach(finding -> print(finding, line.getOut()));
            line.getOut().println(isBroken(findings) ? "something essential is broken" : "fit");
        }
        return isBroken(findings) ? Main.FAILURE : 0;
    }

    private static Optional<SelfTest.Result> test(List<Finding> findings, PrintWriter err) {
        try (var progress = new ProgressLine(err)) {
            var result = SelfTest.run(progress);
            findings.addAll(result.findings());
            return Optional.of(result);
        } catch (AerieException | LinkageError e) {
            findings.add(Finding.broken(
                    "self-test", String.valueOf(e.getMessage()), "report it with the output of doctor --json"));
            return Optional.empty();
        }
    }

    static boolean isBroken(List<Finding> findings) {
        return findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.BROKEN);
    }

    private static void print(Finding finding, PrintWriter out) {
        var mark = switch (finding.verdict()) {
            case GOOD -> "ok";
            case ADVICE -> "advice";
            case BROKEN -> "BROKEN";
        };
        out.printf("%-6s  %-14s %s%n", mark, finding.name(), Plain.text(finding.value()));
        if (!finding.advice().isEmpty()) {
            out.printf("%-6s  %-14s → %s%n", "", "", finding.advice());
        }
    }

    private static String json(List<Finding> findings, Optional<SelfTest.Result> tested) {
        var json = new LinkedHashMap<String, Object>();
        json.put("fit", !isBroken(findings));
        var list = new ArrayList<Map<String, String>>();
        for (var finding : findings) {
            var one = new LinkedHashMap<String, String>();
            one.put("name", finding.name());
            one.put("verdict", finding.verdict().name().toLowerCase(Locale.ROOT));
            one.put("value", finding.value());
            one.put("advice", finding.advice());
            list.add(one);
        }
        json.put("findings", list);
        tested.ifPresent(result -> {
            json.put("float32_gflops", result.float32());
            json.put("bfloat16_gflops", result.bfloat16());
            json.put("memory_gb_per_s", result.memory());
            json.put("decode_kernel_gb_per_s", result.gemv());
        });
        return JsonMapper.shared().writeValueAsString(json);
    }
}
