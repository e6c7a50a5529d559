package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.files.AtomicFile;
import dev.aerie.train.log.LogSink;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.start.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Runs the stages of a recipe in order; each goes on from where it stopped, and what is finished is not done again.
///
/// @param recipe   to run
/// @param folder   of the recipe: a folder in it for each run
/// @param terminal makes a sink for the run of a name
public record RecipeRunner(Recipe recipe, RunFolder folder, Function<String, LogSink> terminal) {

    /// What a stage hands to the next.
    ///
    /// @param experts  one result for each expert, where each had a run of its own
    /// @param language the language model beside them
    private record Result(Optional<Path> checkpoint, Map<String, Path> experts, Optional<Path> language) {

        Stage.From from(String projectorKind) {
            return new Stage.From(checkpoint, experts, language, Optional.empty(), projectorKind);
        }
    }

    /// Runs all stages, or those from one on.
    ///
    /// @param first name of the stage to begin with; the first if empty
    public void run(Optional<String> first) {
        first.ifPresent(recipe::stage); // refuses a name that is none
        AtomicFile.write(folder.recipe(), recipe.yaml());
        var previous = Optional.<Result>empty();
        boolean begun = first.isEmpty();
        for (var stage : recipe.stages()) {
            begun |= first.filter(stage.name()::equals).isPresent();
            previous = Optional.of(run(from(stage, previous), begun));
        }
    }

    private static Stage from(Stage stage, Optional<Result> previous) {
        if (!stage.from().isPrevious()) {
            return stage;
        }
        return previous.map(result -> stage.withFrom(result.from(stage.from().projectorKind())))
                .orElseThrow(() -> new AerieException("cannot begin with the stage " + stage.name()
                        + ": it goes on from the stage before; set 'from' of the stage"));
    }

    private Result run(Stage stage, boolean wanted) {
        var results = new LinkedHashMap<String, Path>();
        var config = config(stage);
        for (var run : stage.runs(config)) {
            var place = folder.run(run.name());
            var sink = terminal.apply(run.name());
            var runner = new StageRunner(run, place, sink);
            if (wanted && !isDone(runner.result())) {
                runner.train();
            } else if (!isDone(runner.result())) {
                throw new AerieException("the stage " + stage.name() + " has no result in " + runner.result()
                        + " to go on from; run it first");
            }
            run.tower().ifPresent(tower -> results.put(tower, runner.result()));
            if (run.tower().isEmpty()) {
                return new Result(Optional.of(runner.result()), Map.of(), Optional.empty());
            }
        }
        var language = stage.from().language().or(() -> stage.from().checkpoint());
        return new Result(Optional.empty(), results, language);
    }

    /// The weights are written last.
    private static boolean isDone(Path result) {
        return Files.exists(result.resolve("model.safetensors"))
                || Files.exists(result.resolve("model.safetensors.index.json"));
    }

    private static EagleConfig config(Stage stage) {
        try (var start = Start.open(stage.from(), Optional.empty())) {
            return start.config();
        }
    }

    /// The names of the recipe's stages.
    public List<String> stages() {
        return recipe.stages().stream().map(Stage::name).toList();
    }
}
