package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.bench.MachineLimits;
import dev.aerie.files.DiskSpace;
import dev.aerie.tensor.DType;
import dev.aerie.train.log.LogSink;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.log.TerminalLog;
import dev.aerie.train.plan.Hardware;
import dev.aerie.train.plan.ModelShape;
import dev.aerie.train.plan.Plan;
import dev.aerie.train.plan.StageModels;
import dev.aerie.train.plan.Workload;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.run.RecipeRunner;
import dev.aerie.train.run.Snapshots;
import dev.aerie.train.run.StageRunner;
import dev.aerie.train.run.StepTime;
import dev.aerie.train.start.Start;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "train",
        description = {
            "Runs the stages of a recipe in order. Started again it goes on where it stopped.",
            "Recipes: a YAML file, or eagle, pre-align, projector, fine-tune, llava-1.5."
        },
        sortOptions = false)
final class TrainCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Parameters(paramLabel = "RECIPE", description = "A recipe's name or file.")
    private String recipe = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Folder for logs, snapshots and results; runs/RECIPE by default.")
    private @Nullable Path output;

    @Option(names = "--stage", paramLabel = "NAME", description = "Begin with this stage.")
    private @Nullable String stage;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "Only this stage, or a stage's run for one expert: pre-align/clip-448.")
    private @Nullable String only;

    @Option(
            names = "--finish",
            paramLabel = "last|best",
            description =
                    "Train nothing: the newest snapshot of the stage under way, or the best, becomes its result, and"
                            + " the stage is finished.")
    private StageRunner.@Nullable Kept finish;

    @Option(
            names = "--force",
            description = "Train although the plan says that it does not fit into memory or on the disk.")
    private boolean force;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Change a setting: batch.micro=2 in all stages, projector.batch.micro=2 in one.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--plan",
            description =
                    "Only say what it would take: parameters, memory, operations, time, disk. Exit code 2 where it"
                            + " does not fit.")
    private boolean plan;

    @Option(
            names = "--measure",
            description = "With --plan: compute a micro-batch and an update to tell the time a step takes here.")
    private boolean measure;

    @Option(
            names = "--machine",
            paramLabel = "N x SIZE",
            description = "Plan for another machine, such as 8x80GB; this one by default.")
    private @Nullable String machine;

    @Option(names = "--row", paramLabel = "N", description = "Plan with rows of so many positions.")
    private int row;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with; all cores by default.")
    private int threads;

    @Override
    public void run() {
        ModelOptions.useThreads(threads);
        if (!plan && (machine != null || row != 0)) {
            throw new AerieException("--machine and --row are for planning: give them with --plan");
        }
        if (row < 0) {
            throw new AerieException("cannot plan with rows of " + row + " positions: expected at least 1");
        }
        if (stage != null && only != null) {
            throw new AerieException("--stage begins with a stage and --only does nothing else: give one of them");
        }
        if (plan && finish != null) {
            throw new AerieException(
                    "--plan only says what a stage would take and --finish ends one: give one of them");
        }
        var read = Recipe.find(recipe, set);
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        if (measure && (!plan || machine != null)) {
            throw new AerieException("--measure tells the time a step takes on this machine: give it with --plan and"
                    + " without --machine");
        }
        var folder = new RunFolder(output == null ? Path.of("runs", read.name()) : output);
        if (plan) {
            plan(read, folder, out);
            return;
        }
        var runner = new RecipeRunner(read, folder, run -> sink(run, folder, out));
        var kept = finish;
        if (kept != null) {
            var made = only == null ? runner.finish(Optional.ofNullable(stage), kept) : runner.finishOnly(only, kept);
            out.println(Plain.text(made.run() + " is finished: step " + made.step() + " is its result, in "
                    + made.result() + "; leave --finish out to go on"));
            return;
        }
        var before = only == null ? runner.run(Optional.ofNullable(stage)) : runner.runOnly(only);
        before.forEach(name -> out.println(Plain.text(name + " was finished before")));
        out.println(Plain.text("finished; 'aerie report " + folder.root() + "' makes a page of it"));
    }

    private LogSink sink(Stage.Run run, RunFolder folder, PrintWriter out) {
        if (!force) {
            requireRoom(run, folder.run(run.name()));
        }
        out.println(Plain.text(run.name()));
        return new TerminalLog(out);
    }

    /// A run that goes on has most of what it takes on the disk already: there only memory counts.
    private static void requireRoom(Stage.Run run, RunFolder folder) {
        try (var start = Start.open(run.stage().from(), run.tower())) {
            boolean goesOn = new Snapshots(folder.checkpoints(), 1).newest().isPresent();
            var here = Hardware.here(0).withDisk(goesOn ? 0 : Math.max(1, DiskSpace.free(folder.root())));
            var plan = Plan.of(run.name(), run.stage(), ModelShape.of(start), here, Workload.UNKNOWN);
            try {
                plan.requireDisk();
            } catch (AerieException e) {
                throw new AerieException(e.getMessage() + "; --force begins all the same", e);
            }
            try {
                plan.requireRoom();
            } catch (AerieException e) {
                throw new AerieException(
                        e.getMessage() + "; rows of " + plan.row()
                                + " positions are assumed (data.maxLength), and --force begins all the same",
                        e);
            }
        }
    }

    private void plan(Recipe read, RunFolder folder, PrintWriter out) {
        var hardware = machine == null
                ? Hardware.here(measure ? 0 : MachineLimits.measure(DType.BF16).productRate())
                        .withDisk(DiskSpace.free(folder.root()))
                : Hardware.parse(machine);
        var models = new StageModels(read);
        var unfit = new ArrayList<Plan>();
        double left = 0;
        for (var run : runs(read, models)) {
            var planned = plan(run, models.shape(run), hardware.withoutDisk(left), out);
            left += RecipeRunner.isDone(run, folder) ? 0 : planned.left();
            if (!planned.fits()) {
                unfit.add(planned);
            }
        }
        unfit.stream().findFirst().ifPresent(Plan::requireFits);
    }

    private Plan plan(Stage.Run run, ModelShape shape, Hardware hardware, PrintWriter out) {
        var workload = row > 0 ? Workload.UNKNOWN.withRow(row) : Workload.UNKNOWN;
        var planned = Plan.of(run.name(), run.stage(), shape, hardware, workload);
        if (!measure) {
            planned.table().forEach(line -> out.println(Plain.text(line)));
            return planned;
        }
        var time = time(run, planned);
        var known =
                time.samples().isPresent() ? workload.withSamples(time.samples().getAsLong()) : workload;
        var timed = Plan.of(run.name(), run.stage(), shape, hardware, known.withSeconds(time.seconds()));
        timed.table().forEach(line -> out.println(Plain.text(line)));
        out.println(Plain.text("measured: " + time.how()));
        return timed;
    }

    /// The runs that the command line asks for.
    private List<Stage.Run> runs(Recipe read, StageModels models) {
        int from = stage == null ? 0 : read.stages().indexOf(read.stage(stage));
        var runs = read.stages().subList(from, read.stages().size()).stream()
                .filter(each -> only == null || only.equals(each.name()) || only.startsWith(each.name() + "/"))
                .flatMap(each -> each.runs(models.config(each)).stream())
                .filter(run -> only == null || only.equals(run.stage().name()) || only.equals(run.name()))
                .toList();
        if (runs.isEmpty()) {
            throw new AerieException("there is no run '" + only + "' to plan: expected a stage, or STAGE/TOWER");
        }
        return runs;
    }

    /// With the stage's own weights and data, or scaled where they cannot be had or do not fit.
    private static StepTime time(Stage.Run run, Plan planned) {
        var why = "the stage does not fit into memory";
        if (planned.fits()) {
            try {
                return new StageRunner(run, new RunFolder(Path.of("")), LogSink.all(List.of())).measure();
            } catch (AerieException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        var time = StepTime.scaled(run.config(), planned);
        return new StepTime(time.seconds(), time.samples(), time.how() + " (" + why + ")");
    }
}
