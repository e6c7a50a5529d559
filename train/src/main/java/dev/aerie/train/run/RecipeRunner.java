package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.files.AtomicFile;
import dev.aerie.train.log.LogSink;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.start.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Runs the stages of a recipe in order; each goes on from where it stopped, and what is finished is not done again.
///
/// @param recipe   to run
/// @param folder   of the recipe: a folder in it for each run
/// @param others   folders of recipes that it shares results with
/// @param terminal is told of a run before it begins, and makes a sink for it
public record RecipeRunner(
        Recipe recipe, RunFolder folder, List<RunFolder> others, Function<Stage.Run, LogSink> terminal) {

    public RecipeRunner {
        others = List.copyOf(others);
    }

    /// One whose results are all its own.
    public RecipeRunner(Recipe recipe, RunFolder folder, Function<Stage.Run, LogSink> terminal) {
        this(recipe, folder, List.of(), terminal);
    }

    /// Runs all stages, or those from one on.
    ///
    /// @param first name of the stage to begin with; the first if empty
    /// @return the runs that were finished before, by name
    public List<String> run(Optional<String> first) {
        var before = new ArrayList<String>();
        for (var stage : stagesFrom(first)) {
            before.addAll(train(runs(stage)));
        }
        return before;
    }

    /// All stages, or those from one on.
    private List<Stage> stagesFrom(Optional<String> first) {
        int from =
                first.map(name -> stages().indexOf(recipe.stage(name).name())).orElse(0);
        return recipe.stages().subList(from, recipe.stages().size());
    }

    /// Does a part of the recipe alone: a stage, or the run of one expert (`STAGE/TOWER`). What it goes on from must be
    /// there.
    ///
    /// @return the runs that were finished before, by name
    /// @throws AerieException if the recipe has no such part
    public List<String> runOnly(String part) {
        return train(runs(part));
    }

    /// The runs of a stage, or of one expert (`STAGE/TOWER`).
    private List<Stage.Run> runs(String part) {
        var stage = recipe.stage(part.contains("/") ? part.substring(0, part.indexOf('/')) : part);
        var runs = runs(stage);
        var chosen = runs.stream()
                .filter(run -> part.equals(stage.name()) || part.equals(run.name()))
                .toList();
        if (chosen.isEmpty()) {
            throw new AerieException("the stage " + stage.name() + " has no run " + part + ": it has "
                    + runs.stream().map(Stage.Run::name).collect(Collectors.joining(", ")));
        }
        return chosen;
    }

    /// A run that was not trained to its end and has its result.
    ///
    /// @param run    its name
    /// @param step   that was taken
    /// @param result where it lies
    public record Finished(String run, long step, Path result) {}

    /// Makes the result of the run under way, the first that is not finished, of a snapshot. Nothing is
    /// trained, and no other run begins.
    ///
    /// @param first name of the stage to look from; the first if empty
    /// @throws AerieException if all are finished, or the one under way has kept nothing
    public Finished finish(Optional<String> first, StageRunner.Kept kept) {
        for (var stage : stagesFrom(first)) {
            var underWay = underWay(runs(stage));
            if (underWay.isPresent()) {
                return finish(underWay.get(), kept);
            }
        }
        throw allFinished(first.map(name -> "stages from " + name + " on").orElse("stages"));
    }

    /// The same for a part of the recipe alone, see [#runOnly].
    public Finished finishOnly(String part, StageRunner.Kept kept) {
        return underWay(runs(part)).map(run -> finish(run, kept)).orElseThrow(() -> allFinished("runs of " + part));
    }

    private Optional<Stage.Run> underWay(List<Stage.Run> runs) {
        return runs.stream().filter(run -> !isDone(result(run))).findFirst();
    }

    private Finished finish(Stage.Run run, StageRunner.Kept kept) {
        var runner = new StageRunner(run, folder.run(run.name()), LogSink.all(List.of()));
        return new Finished(run.name(), runner.finish(kept), runner.result());
    }

    private AerieException allFinished(String what) {
        return new AerieException("cannot finish anything in " + folder.root() + ": all " + what
                + " have their results; leave --finish out");
    }

    private List<String> train(List<Stage.Run> runs) {
        var before = new ArrayList<String>();
        for (var run : runs) {
            if (isDone(result(run))) {
                requireOwn(run);
                before.add(run.name());
            } else {
                AtomicFile.write(folder.recipe(), recipe.yaml());
                new StageRunner(run, folder.run(run.name()), terminal.apply(run)).train();
            }
        }
        return before;
    }

    /// A result is of a run with these settings; a folder under `to` may also hold a checkpoint that
    /// came from elsewhere.
    private void requireOwn(Stage.Run run) {
        var places = new ArrayList<Path>();
        places.add(StageRunner.record(result(run)));
        places.add(folder.run(run.name()).recipe());
        others.forEach(other -> places.add(other.run(run.name()).recipe()));
        places.removeIf(place -> !Files.exists(place));
        if (places.isEmpty()) {
            throw new AerieException("cannot tell what the checkpoint in " + result(run) + " is: neither a "
                    + StageRunner.record(result(run)).getFileName() + " in it nor "
                    + folder.run(run.name()).recipe()
                    + " says that " + run.name() + " made it; name another folder under 'to'");
        }
        places.forEach(place -> RunSettings.require(place, run));
    }

    /// The runs of a stage, with the results of other stages in the places of their names.
    private List<Stage.Run> runs(Stage stage) {
        var placed = stage.withFrom(from(stage));
        return placed.runs(Start.config(placed.from(), Optional.empty()));
    }

    private Stage.From from(Stage stage) {
        var earlier = recipe.stages().subList(0, recipe.stages().indexOf(stage));
        if (!stage.from().isPrevious()) {
            return stage.from()
                    .map((path, tower) -> earlier.stream()
                            .filter(before -> before.name().equals(path.toString()))
                            .findFirst()
                            .map(before -> finished(before, tower))
                            .orElse(path));
        }
        if (earlier.isEmpty()) {
            throw new AerieException("cannot begin with the stage " + stage.name()
                    + ": it goes on from the stage before; set 'from' of the stage");
        }
        return after(earlier.getLast(), stage.from());
    }

    /// Where the next stage begins, its projector and fusion as it asks: with the whole result, or with the experts of
    /// all runs.
    private Stage.From after(Stage stage, Stage.From next) {
        var experts = new LinkedHashMap<String, Path>();
        for (var run : runs(stage)) {
            if (run.tower().isEmpty()) {
                return next.after(finished(run));
            }
            experts.put(run.tower().get(), finished(run));
        }
        return next.after(experts, from(stage));
    }

    /// The result of an earlier stage, or of its run for one expert.
    private Path finished(Stage stage, Optional<String> tower) {
        return runs(stage).stream()
                .filter(run -> run.tower().isEmpty() || run.tower().equals(tower))
                .findFirst()
                .map(this::finished)
                .orElseThrow(() -> new AerieException("cannot go on from the stage " + stage.name() + ": it has no run"
                        + tower.map(name -> " for " + name).orElse(" for all experts together")
                        + "; name one of its experts under 'from.experts', or another stage"));
    }

    private Path finished(Stage.Run run) {
        if (!isDone(result(run))) {
            throw new AerieException(run.name() + " has no result in " + result(run) + " to go on from; run it first");
        }
        return result(run);
    }

    private Path result(Stage.Run run) {
        return StageRunner.result(run, folder.run(run.name()));
    }

    /// Whether a run has its result.
    ///
    /// @param folder of the recipe
    public static boolean isDone(Stage.Run run, RunFolder folder) {
        return isDone(StageRunner.result(run, folder.run(run.name())));
    }

    /// The weights are written last.
    private static boolean isDone(Path result) {
        return Files.exists(result.resolve("model.safetensors"))
                || Files.exists(result.resolve("model.safetensors.index.json"));
    }

    /// The names of the recipe's stages.
    public List<String> stages() {
        return recipe.stages().stream().map(Stage::name).toList();
    }
}
