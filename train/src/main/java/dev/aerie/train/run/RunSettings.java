package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.ExamplesSource;
import dev.aerie.train.data.Mixture;
import dev.aerie.train.log.DataCounts;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What decides on the result of a run. One that went on with other settings would be neither the old run nor the new.
/// How memory is saved, what is kept and what is held out may change; so may the places of files, if they were moved.
final class RunSettings {

    private static final Path NOWHERE = Path.of("");
    private static final String AS_THEY_WERE = "; go on with the data as they were, or name another folder";

    private RunSettings() {}

    /// Refuses to go on from what was begun, or made, with other settings.
    ///
    /// @param recipe that was run; all is well if there is none
    static void require(Path recipe, Stage.Run run) {
        if (!Files.exists(recipe)) {
            return;
        }
        var before = Recipe.open(recipe, List.of()).stages().getFirst();
        var old = deciding(before, run.tower());
        var now = deciding(run.stage(), run.tower());
        var differing = old.keySet().stream()
                .filter(key -> !isSame(old.get(key), now.get(key)))
                .toList();
        if (!differing.isEmpty()) {
            throw new AerieException(
                    "cannot go on in " + recipe.toAbsolutePath().getParent()
                            + ": it was begun with other settings (" + String.join(", ", differing) + "), see " + recipe
                            + "; go on with those, or name another folder");
        }
    }

    /// Refuses data of other sizes than those that a run was begun with, whose order would be another,
    /// and sources that give other records, or give them in another way.
    static void requireData(RunFolder folder, Stage.Run run, Examples examples) {
        if (!Files.exists(folder.data())) {
            return;
        }
        var before = read(folder.data());
        if (before.records() != examples.size() || !before.sources().equals(examples.sources())) {
            throw new AerieException("cannot go on in " + folder.root() + ": it was begun with "
                    + describe(before.records(), before.sources()) + ", and now there are "
                    + describe(examples.size(), examples.sources())
                    + AS_THEY_WERE);
        }
        if (!before.origins().isEmpty()) { // an older file has none
            requireOrigins(folder, run.stage().data().mixture(), before.origins(), examples.origins());
        }
    }

    private static void requireOrigins(
            RunFolder folder, String mixture, List<Map<String, String>> before, List<Map<String, String>> now) {
        if (before.size() != now.size()) {
            throw new AerieException("cannot go on in " + folder.root() + ": it was begun with " + before.size()
                    + " sources, and now there are " + now.size() + AS_THEY_WERE);
        }
        for (int i = 0; i < before.size(); i++) {
            var old = before.get(i);
            var other = now.get(i);
            var keys = new TreeSet<>(old.keySet());
            keys.addAll(other.keySet());
            if (!Mixture.isManifest(mixture)) { // then the recipe says where pictures lie, and may say it anew
                keys.remove(Mixture.Source.PICTURES);
            }
            for (var key : keys) {
                if (!isSameOrigin(key, old.get(key), other.get(key))) {
                    throw new AerieException("cannot go on in " + folder.root() + ": the source "
                            + other.get(Mixture.Source.NAME) + " was begun with " + said(key, old.get(key))
                            + ", and now has " + said(key, other.get(key)) + AS_THEY_WERE);
                }
            }
        }
    }

    private static String said(String key, @Nullable String value) {
        return value == null ? "no " + key : key + " '" + value + "'";
    }

    /// Pictures may have been moved, or lie at two places.
    private static boolean isSameOrigin(String key, @Nullable String old, @Nullable String now) {
        if (Objects.equals(old, now)) {
            return true;
        }
        if (!key.equals(Mixture.Source.PICTURES) || old == null || now == null) {
            return false;
        }
        var before = Path.of(old);
        return Objects.equals(before.getFileName(), Path.of(now).getFileName()) || !Files.exists(before);
    }

    private static String describe(long records, Map<String, Long> sources) {
        return records + " records" + (sources.isEmpty() ? "" : " " + sources);
    }

    private static DataCounts read(Path file) {
        try {
            return JsonMapper.shared().readValue(Files.readAllBytes(file), DataCounts.class);
        } catch (IOException | JacksonException e) {
            throw new AerieException(
                    "cannot read " + file + ", which says what the run learned from (" + e.getMessage()
                            + "); remove it to go on all the same",
                    e);
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
        settings.put("the place of data.mixture", Path.of(data.mixture()));
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
        if (stage.keep().exportsBest()) { // the best so far was found by it
            stage.validation().ifPresent(held -> {
                settings.put("validation", List.of(held.every(), held.count(), held.maxLength()));
                settings.put(
                        "validation.mixture",
                        String.valueOf(Path.of(held.mixture()).getFileName()));
                settings.put("the place of validation.mixture", Path.of(held.mixture()));
                settings.put("validation.folder", held.folder());
            });
        }
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
