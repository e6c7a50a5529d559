package dev.aerie.train.plan;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.PublishedModel;
import dev.aerie.tensor.DType;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.start.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// The models of a recipe's stages before any of them has run. A stage that goes on from another has that one's model,
/// with the fusion and the sizes that it asks for itself. What is not there is as the published model that the recipe
/// names.
public record StageModels(Recipe recipe) {

    private static final Path PUBLISHED = Path.of("(the recipe's model)");

    /// The model that a stage begins with.
    ///
    /// @throws AerieException if its starting point is not there and the recipe names no model
    public EagleConfig config(Stage stage) {
        return Start.config(from(stage), Optional.empty(), place -> config(place, stage));
    }

    /// The same for a place that `stage` names.
    private EagleConfig config(Path place, Stage stage) {
        var earlier = earlier(place, stage);
        if (earlier.isPresent()) {
            return config(earlier.get());
        }
        boolean there = Files.exists(place.resolve("config.json"));
        return there || recipe.model().isEmpty()
                ? EagleConfig.open(place)
                : PublishedModel.named(recipe.model()).config();
    }

    /// Sizes as the weights have them where there are some, be it those that a stage before begins with; else the
    /// published ones.
    public ModelShape shape(Stage.Run run) {
        return weights(run.stage().from(), run.tower())
                .or(() -> run.tower().isEmpty() ? weightsBehind(run.stage(), run.config()) : Optional.empty())
                .orElseGet(() -> ModelShape.of(run.config(), DType.BF16));
    }

    private static Optional<ModelShape> weights(Stage.From from, Optional<String> tower) {
        if (from.isPrevious()) {
            return Optional.empty();
        }
        try (var start = Start.open(from, tower)) {
            return Optional.of(ModelShape.of(start));
        } catch (AerieException e) {
            return Optional.empty(); // they are not there yet
        }
    }

    /// Those of the first stage in line with the same model that has some.
    private Optional<ModelShape> weightsBehind(Stage stage, EagleConfig config) {
        return from(stage)
                .checkpoint()
                .flatMap(place -> earlier(place, stage))
                .filter(before -> config(before).equals(config))
                .flatMap(before -> weights(before.from(), Optional.empty()).or(() -> weightsBehind(before, config)));
    }

    /// The stage before `stage` whose name stands for a place.
    private Optional<Stage> earlier(Path place, Stage stage) {
        return before(stage).stream()
                .filter(each -> place.equals(Path.of(each.name())))
                .findFirst();
    }

    private List<Stage> before(Stage stage) {
        return recipe.stages().subList(0, recipe.stages().indexOf(stage));
    }

    /// Where a stage begins, the stage before by its name.
    private Stage.From from(Stage stage) {
        var from = stage.from();
        if (!from.isPrevious()) {
            return from;
        }
        var earlier = before(stage);
        if (earlier.isEmpty() && recipe.model().isEmpty()) {
            throw new AerieException("cannot plan the stage " + stage.name() + ": it goes on from the stage before, and"
                    + " there is none; set 'from' of the stage, or 'model' of the recipe");
        }
        if (earlier.isEmpty()) {
            return from.after(PUBLISHED);
        }
        var last = earlier.getLast();
        var name = Path.of(last.name());
        var experts = new LinkedHashMap<String, Path>();
        last.runs(config(last)).forEach(run -> run.tower().ifPresent(tower -> experts.put(tower, name)));
        return experts.isEmpty() ? from.after(name) : from.after(experts, from(last));
    }
}
