package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.train.data.ExamplesSource;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What decides on the result of a run. One that went on with other settings would be neither the old run nor the new.
/// How memory is saved, what is kept and what is held out may change; so may the places of files, if they were moved.
final class RunSettings {

    private static final Path NOWHERE = Path.of("");

    private RunSettings() {}

    /// Refuses a folder in which a run was begun with other settings.
    static void require(RunFolder folder, Stage.Run run) {
        if (!Files.exists(folder.recipe())) {
            return;
        }
        var before = Recipe.open(folder.recipe(), List.of()).stages().getFirst();
        var old = deciding(before, run.tower());
        var now = deciding(run.stage(), run.tower());
        var differing = old.keySet().stream()
                .filter(key -> !isSame(old.get(key), now.get(key)))
                .toList();
        if (!differing.isEmpty()) {
            throw new AerieException("cannot go on in " + folder.root() + ": it was begun with other settings ("
                    + String.join(", ", differing) + "), see " + folder.recipe()
                    + "; go on with those, or name another folder");
        }
    }

    /// The settings by their keys.
    ///
    /// @param tower the only expert that the run is for
    private static Map<String, Object> deciding(Stage stage, Optional<String> tower) {
        var settings = new LinkedHashMap<String, Object>();
        settings.put("learn", List.copyOf(stage.learn().entrySet()));
        settings.put("each", stage.eachExpert());
        var data = stage.data();
        settings.put("data.mixture", String.valueOf(Path.of(data.mixture()).getFileName()));
        if (ExamplesSource.named(data.mixture()).isPresent()) {
            settings.put("data.folder", data.folder().toString());
        }
        settings.put("data.template", data.template());
        settings.put("data.aspect", data.aspect());
        settings.put("data.maxLength", data.maxLength());
        settings.put("data.rows", data.rows());
        settings.put("data.order", data.order());
        settings.put("data.seed", data.seed());
        settings.put("batch.global", stage.batch().global());
        settings.put("schedule", stage.pace());
        settings.put("optimiser", stage.optimiser());
        settings.put("clip", stage.clip());
        settings.put("precision", stage.precision());
        settings.put("lora", stage.lora());
        var from = stage.from();
        settings.put("from.checkpoint", from.checkpoint().orElse(NOWHERE));
        settings.put("from.language", from.language().orElse(NOWHERE));
        settings.put("from.projector", from.projector().orElse(NOWHERE));
        settings.put("from.fresh", from.fresh().orElse(NOWHERE));
        settings.put("from.projectorKind", from.projectorKind());
        settings.put("from.fusion", from.fusion());
        settings.put("from.tiling", from.tiling());
        settings.put("from.inputs", from.inputs());
        var experts = new LinkedHashMap<>(from.experts());
        tower.ifPresent(only -> experts.keySet().retainAll(List.of(only)));
        settings.put("from.experts", List.copyOf(experts.keySet()));
        experts.forEach((name, path) -> settings.put("from.experts." + name, path));
        settings.put("keep.export", stage.keep().exportsBest());
        settings.put("seed", stage.seed());
        settings.put("ema", stage.ema());
        return settings;
    }

    private static boolean isSame(@Nullable Object old, @Nullable Object now) {
        return Objects.equals(old, now)
                || old instanceof Path before && now instanceof Path after && isMoved(before, after);
    }

    /// Whether what lay at one place may now lie at another.
    private static boolean isMoved(Path old, Path now) {
        boolean same =
                old.toAbsolutePath().normalize().equals(now.toAbsolutePath().normalize());
        return !now.equals(NOWHERE) && (same || !Files.exists(old));
    }
}
