package dev.aerie.cli;

import dev.aerie.evaluate.report.EvalReport;
import dev.aerie.evaluate.run.EvalFolder;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `aerie eval report`: sums a run up again.
@Command(
        name = "report",
        description = "Sum up what a run has done: results.json and report.html in its folder.",
        sortOptions = false)
final class EvalReportCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "The run's folder.")
    private Path run = Path.of("");

    @Override
    public void run() {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        var folder = new EvalFolder(run);
        EvalTable.print(EvalReport.write(folder), folder.settings(), out);
        out.println(Plain.text(folder.report().toString()));
    }
}
