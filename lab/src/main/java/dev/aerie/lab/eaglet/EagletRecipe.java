package dev.aerie.lab.eaglet;

import dev.aerie.train.recipe.Pace;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import dev.aerie.vision.Experts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The shipped recipe `eaglet` for one folder, mixture and budget.
///
/// @param towers the mixture
/// @param budget share of the steps of a variant's own stages, for trials
/// @param shared share of the steps of those that variants share
record EagletRecipe(EagletFiles files, String towers, double budget, double shared) {

    static final String NAME = "eaglet";

    /// What comes before the experts are joined is the same in variants that do not set it otherwise.
    private static final Set<String> SHARED =
            Set.of("captions", "notes", "reading", "linked", "recalling", "pages", "pre-align");

    /// The recipe with its files in the folder.
    ///
    /// @param common what holds for all variants, as the command line sets it
    /// @param own    what this one sets beside
    Recipe recipe(List<String> common, List<String> own) {
        var set = new ArrayList<>(common);
        set.addAll(own);
        var plain = Recipe.named(NAME, common);
        var recipe = Recipe.named(NAME, set);
        var names = recipe.stages().stream().map(Stage::name).collect(Collectors.toSet());
        boolean[] same = {true};
        return recipe.map(stage -> {
            same[0] &=
                    SHARED.contains(stage.name()) && plain.stage(stage.name()).equals(stage);
            var placed =
                    stage.withFrom(from(stage, names)).withPace(shortened(stage.pace(), same[0] ? shared : budget));
            return stage.to().isPresent() ? placed : placed.withTo(files.result(stage.name(), same[0]));
        });
    }

    private Stage.From from(Stage stage, Set<String> stages) {
        var from = stage.from();
        var experts = new LinkedHashMap<String, Path>();
        if (!from.experts().isEmpty()) {
            for (var kind : Experts.parse(towers)) {
                Miniature.require(kind);
                experts.put(kind.tower(), files.root().relativize(files.expert(kind.tower())));
            }
        }
        return from.withExperts(experts).map((path, _) -> place(path, stages));
    }

    /// A stage's name stays; all else lies in the folder.
    private Path place(Path path, Set<String> stages) {
        if (stages.contains(path.toString())) {
            return path;
        }
        return path.equals(files.paged().getFileName())
                ? files.paged()
                : files.root().resolve(path);
    }

    private static Pace shortened(Pace pace, double share) {
        return pace.length() instanceof Pace.Length.Steps(var steps)
                ? new Pace(
                        pace.kind(),
                        pace.warmup(),
                        pace.floor(),
                        new Pace.Length.Steps(Math.max(2, Math.round(steps * share))))
                : pace;
    }

    /// The experts that a recipe takes from their own tasks, in the mixture's order.
    List<Experts> schooled(Recipe recipe) {
        var wanted = recipe.stages().stream()
                .flatMap(stage -> stage.from().experts().values().stream())
                .collect(Collectors.toSet());
        return Experts.parse(towers).stream()
                .filter(kind -> wanted.contains(files.expert(kind.tower())))
                .toList();
    }
}
