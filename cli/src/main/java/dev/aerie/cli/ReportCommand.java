package dev.aerie.cli;

import dev.aerie.train.report.Report;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "report",
        description = "Makes one HTML page of a training run: curves, settings, data counts, samples and costs.",
        sortOptions = false)
final class ReportCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "The folder of a run, or of a recipe with several.")
    private Path run = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the page goes; report.html in the folder by default.")
    private @Nullable Path output;

    @Override
    public void run() {
        var file = output == null ? run.resolve("report.html") : output;
        Report.write(run, file);
        Objects.requireNonNull(spec).commandLine().getOut().println(Plain.text(file.toString()));
    }
}
