package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.lab.study.Study;
import dev.aerie.lab.study.StudyRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `aerie study`: the paper's design space as experiments on the drawn world.
@Command(
        name = "study",
        description = {
            "Experiments on the paper's design space, in miniature on an easy setting of the drawn world.",
            "Plans: a YAML file, or resolution, experts, fusion, pre-alignment, mixture, search; all by default.",
            "Started again it goes on where it stopped, and what cells have in common is done once."
        },
        subcommands = {StudyReportCommand.class},
        sortOptions = false)
final class StudyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PLAN", arity = "0..*", description = "Names of plans or files.")
    private List<String> plans = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            defaultValue = "runs/study",
            description = "Folder for weights and what is under way (default ${DEFAULT-VALUE}).")
    private Path output = Path.of("runs", "study");

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Folder for the results, small JSON files; DIR/results of the output by default.")
    private @Nullable Path results;

    @Option(names = "--plan", description = "Only say what it would take.")
    private boolean plan;

    @Option(names = "--quick", description = "One seed and a part of the steps: to see it work, not to conclude.")
    private boolean quick;

    @Option(names = "--seeds", paramLabel = "N", description = "So many seeds, instead of what the plans say.")
    private int seeds;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Change a setting of all cells' recipes.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "1",
            description = "Do so many works at once, each in a process with one thread (default ${DEFAULT-VALUE}).")
    private int jobs;

    @Option(names = "--helper", hidden = true, description = "Another process says which cells are done.")
    private boolean helper;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (jobs < 1 || seeds < 0) {
            throw new AerieException("--jobs is " + jobs + " and --seeds " + seeds + ", expected at least 1");
        }
        var out = spec.commandLine().getOut();
        var studies = (plans.isEmpty() ? Study.shipped() : plans)
                .stream().map(name -> Study.find(name, set)).map(this::formed).toList();
        var say = Plain.printing(out);
        var run = new StudyRun(
                studies, output, results == null ? output.resolve("results") : results, say, helper ? _ -> {} : say);
        if (plan) {
            run.plan().forEach(say);
            return 0;
        }
        ModelOptions.useThreads(1);
        if (helper) {
            ProcessHandle.current()
                    .parent()
                    .ifPresent(parent -> parent.onExit().thenRun(() -> Departure.atOnce(Main.FAILURE)));
        }
        if (!helper) {
            run.plan().forEach(say);
        }
        try (var helpers = StudyHelpers.start(arguments(), jobs - 1)) {
            var failed = run.run();
            helpers.join()
                    .forEach(code -> say.accept("another process of the study ended with code " + code
                            + "; what it was at is done or named here"));
            if (failed.isEmpty() || helper) {
                return 0;
            }
            say.accept("could not be made; start the study again to try again:");
            failed.forEach(say);
            return Main.FAILURE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AerieException("the study was interrupted; start it again to go on", e);
        }
    }

    /// This command line with one job.
    private List<String> arguments() {
        var arguments = new ArrayList<>(List.of("study"));
        arguments.addAll(plans);
        arguments.addAll(List.of("--output=" + output, "--seeds=" + seeds, "--jobs=1", "--helper"));
        if (results != null) {
            arguments.add("--results=" + results);
        }
        if (quick) {
            arguments.add("--quick");
        }
        set.forEach(each -> arguments.add("--set=" + each));
        return arguments;
    }

    private Study formed(Study study) {
        var formed = quick ? study.quick() : study;
        return seeds > 0 ? formed.seeds(seeds) : formed;
    }
}
