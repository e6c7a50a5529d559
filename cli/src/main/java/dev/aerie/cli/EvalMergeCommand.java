package dev.aerie.cli;

import dev.aerie.evaluate.report.EvalReport;
import dev.aerie.evaluate.run.EvalFolder;
import dev.aerie.evaluate.run.Merge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aerie eval merge`: parts of a run become one.
@Command(
        name = "merge",
        description = "Put the parts of a run, made with --part, together as if it had been run as a whole.",
        sortOptions = false)
final class EvalMergeCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "Folder of the whole run.")
    private Path output = Path.of("");

    @Parameters(arity = "1..*", paramLabel = "PART", description = "Folders of all parts.")
    private List<Path> parts = new ArrayList<>();

    @Override
    public void run() {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        Merge.merge(parts, output);
        var folder = new EvalFolder(output);
        EvalTable.print(EvalReport.write(folder), folder.settings(), out);
    }
}
