package dev.aerie.train.recipe;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Stages that are run in order; each can be entered alone.
///
/// ```yaml
/// recipe: mine
/// model: eagle-x5-7b                     # a published shape, for planning before there are weights
/// common:                                # what all stages share
///   precision: bfloat16
/// stages:
///   - stage: projector
///     learn: { experts: 0, projector: 1e-3, language: 0 }
///     data: { mixture: captions.yaml, template: plain, aspect: square }
///     batch: { global: 256, micro: 8 }
///     schedule: { kind: cosine, warmup: 0.03, epochs: 1 }
///     from: { checkpoint: models/start }
/// variants:                              # named changes, chosen with `variant: NAME`
///   quick: { projector: { schedule: { steps: 100 } } }
/// ```
///
/// A file may also hold a single stage at its top. Mappings are merged key by key: common settings, the stage's own,
/// the variant's, and last what the command line sets. A stage with `skip: true` is left out.
///
/// @param description what it is and where it comes from
/// @param model       a published shape; empty if it does not say
public record Recipe(String name, String description, String model, List<Stage> stages) {

    /// The recipes that are shipped, by the names that [#named] takes.
    public static final List<String> SHIPPED = List.of("eagle", "pre-align", "projector", "fine-tune", "llava-1.5");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private static final long MOST_BYTES = 1 << 20;

    public Recipe {
        stages = List.copyOf(stages);
    }

    /// A shipped recipe or a file.
    ///
    /// @param place one of the [#SHIPPED] names, or a file
    /// @param set   what the command line sets, see [#named]
    public static Recipe find(String place, List<String> set) {
        return isShipped(place) ? named(place, set) : open(Path.of(place), set);
    }

    /// Whether a module at hand ships a recipe of this name.
    private static boolean isShipped(String name) {
        return NAME.matcher(name).matches() && Recipe.class.getResource(name + ".yaml") != null;
    }

    /// One of the [#SHIPPED] recipes, or one that another module ships: as `dev/aerie/train/recipe/NAME.yaml` on the
    /// class path.
    ///
    /// @param set `key.path=value` each, in order: for all stages, or for one if its name comes first
    ///     (`projector.batch.micro=2`); the value is YAML
    public static Recipe named(String name, List<String> set) {
        if (!isShipped(name)) {
            throw new AerieException(
                    "there is no recipe '" + name + "': expected a file or one of " + String.join(", ", SHIPPED));
        }
        try (var stream = Objects.requireNonNull(Recipe.class.getResourceAsStream(name + ".yaml"))) {
            return RecipeReader.read(name, new String(stream.readAllBytes(), StandardCharsets.UTF_8), set);
        } catch (IOException e) {
            throw new AerieException("cannot read the recipe " + name + " (" + e + ")", e);
        }
    }

    /// A recipe file.
    public static Recipe open(Path file, List<String> set) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new AerieException("cannot read the recipe " + file
                        + ": there is no such file; check the path, or name one of " + String.join(", ", SHIPPED));
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new AerieException("cannot read the recipe " + file + ": it has " + Files.size(file)
                        + " bytes, expected at most " + MOST_BYTES);
            }
            return RecipeReader.read(file.toString(), Files.readString(file), set);
        } catch (IOException e) {
            throw new AerieException("cannot read the recipe " + file + " (" + e + ")", e);
        }
    }

    /// A recipe in YAML.
    ///
    /// @param name of it in errors
    public static Recipe parse(String name, String yaml, List<String> set) {
        return RecipeReader.read(name, yaml, set);
    }

    /// The stage of this name.
    public Stage stage(String stage) {
        return stages.stream()
                .filter(each -> each.name().equals(stage))
                .findFirst()
                .orElseThrow(() -> new AerieException("the recipe " + name + " has no stage '" + stage + "': it has "
                        + stages.stream().map(Stage::name).collect(Collectors.joining(", "))));
    }

    /// The same with its stages changed.
    public Recipe map(UnaryOperator<Stage> change) {
        return new Recipe(name, description, model, stages.stream().map(change).toList());
    }

    /// The recipe as YAML, everything written out; reading it gives an equal recipe.
    public String yaml() {
        return RecipeWriter.yaml(this);
    }
}
