package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.evaluate.parity.StrictForm;
import dev.aerie.evaluate.report.EvalReport;
import dev.aerie.parity.Parity;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `aerie eval strict`: what the reference's known faults come to.
@Command(
        name = "strict",
        description = "Score golden answers as the reference does and as --strict does, side by side.",
        sortOptions = false)
final class EvalStrictCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folder with golden cases of kind metrics.")
    private Path folder = Path.of("");

    @Override
    public void run() {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        var files = Parity.find(folder, Set.of("metrics"));
        if (files.isEmpty()) {
            throw new AerieException("found no golden answers in " + folder + ": expected a JSON file of kind metrics");
        }
        out.printf("%-22s %8s %10s %8s %8s%n", "", "answers", "reference", "strict", "changed");
        for (var file : files) {
            for (var form : StrictForm.of(file)) {
                out.printf(
                        "%-22s %8s %10s %8s %8s%n",
                        Plain.text(form.table()),
                        Plain.count(form.answers()),
                        EvalReport.number(form.reference()),
                        EvalReport.number(form.strict()),
                        Plain.count(form.changed()));
            }
        }
    }
}
