package dev.aerie.cli;

import dev.aerie.lab.study.StudyReport;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `aerie study report`: the results of studies as a page.
@Command(
        name = "report",
        description = {
            "Make one HTML page of the results of studies: tables with intervals, paired tests, cost against quality,",
            "and the paper's figures beside ours. It needs nothing but a browser. Prints what becomes of the paper's findings."
        })
final class StudyReportCommand implements Runnable {

    @Parameters(paramLabel = "DIR", description = "Folder of the results.")
    private Path results = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            defaultValue = "study.html",
            description = "The page (default ${DEFAULT-VALUE}).")
    private Path output = Path.of("study.html");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        StudyReport.write(results, output).forEach(out::println);
        out.println("wrote " + output);
    }
}
