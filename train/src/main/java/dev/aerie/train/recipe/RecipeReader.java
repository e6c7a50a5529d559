package dev.aerie.train.recipe;

import dev.aerie.AerieException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Puts a recipe's stages together from common settings, variants and the command line, and reads them.
final class RecipeReader {

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /// Keys of a recipe that are not a stage's.
    private static final Set<String> TOP =
            Set.of("recipe", "description", "model", "common", "stages", "variants", "variant");

    /// Those of them that the command line may set.
    private static final Set<String> SETTABLE = Set.of("recipe", "description", "model", "variant");

    /// What `from` says is taken whole; the rest is merged key by key.
    private static final String WHOLE = "from";

    /// A stage with `skip: true` is left out; variants and the command line say so.
    static final String SKIP = "skip";

    private static final Map<String, String> EXCLUSIVE = Map.of("steps", "epochs", "epochs", "steps");

    private final String recipe;

    private RecipeReader(String recipe) {
        this.recipe = recipe;
    }

    static Recipe read(String recipe, String yaml, List<String> set) {
        var reader = new RecipeReader(recipe);
        try {
            return reader.read(reader.mapping(MAPPER.readTree(yaml), "its top"), set);
        } catch (JacksonException e) {
            throw new AerieException(
                    "cannot read the recipe " + recipe + ": it is not YAML (" + e.getOriginalMessage() + ")", e);
        } catch (StackOverflowError e) {
            throw new AerieException("cannot read the recipe " + recipe + ": it is nested too deeply", e);
        }
    }

    private Recipe read(ObjectNode top, List<String> set) {
        var stages = stages(top);
        var names = stages.stream().map(this::name).toList();
        if (new HashSet<>(names).size() < names.size()) {
            throw new AerieException("cannot read the recipe " + recipe + ": its stages are called "
                    + String.join(", ", names) + ", expected different names");
        }
        var changes = new ArrayList<Change>();
        for (var text : set) {
            var change = Change.of(text);
            if (TOP.contains(change.keys.getFirst()) && !SETTABLE.contains(change.keys.getFirst())) {
                throw new AerieException(
                        "cannot set '" + text + "': expected a key of a stage, such as batch.micro, for"
                                + " all stages or behind the name of one");
            }
            changes.add(change);
        }
        for (var change : changes) {
            if (SETTABLE.contains(change.keys.getFirst())) {
                put(top, change.keys, change.value);
            }
        }
        applyVariant(top, stages, names);
        for (var change : changes) {
            if (!SETTABLE.contains(change.keys.getFirst())) {
                apply(change, stages, names);
            }
        }
        try (var settings = new Settings(recipe, "", top)) {
            TOP.forEach(settings::has);
            if (!top.has("stages")) {
                settings.keys().forEach(settings::has);
            }
            var read = new ArrayList<Stage>();
            for (int i = 0; i < stages.size(); i++) {
                if (!isSkipped(names.get(i), stages.get(i))) {
                    read.add(StageReader.read(recipe, names.get(i), stages.get(i)));
                }
            }
            if (read.isEmpty()) {
                throw new AerieException("cannot read the recipe " + recipe + ": all of its stages are skipped");
            }
            return new Recipe(
                    settings.text("recipe", recipe),
                    settings.text("description", "").strip(),
                    settings.text("model", ""),
                    read);
        }
    }

    /// Each stage over a copy of the common settings.
    private List<ObjectNode> stages(ObjectNode top) {
        var common = top.hasNonNull("common") ? mapping(top.get("common"), "common") : top.objectNode();
        var listed = new ArrayList<JsonNode>();
        if (top.has("stages")) {
            top.get("stages").forEach(listed::add);
            if (!top.get("stages").isArray() || listed.isEmpty()) {
                throw new AerieException("cannot read the recipe " + recipe + ": stages is not a list, expected one of"
                        + " mappings that begin with 'stage: NAME'");
            }
        } else if (top.has("stage")) {
            var alone = top.deepCopy();
            TOP.forEach(alone::remove);
            listed.add(alone);
        } else {
            throw new AerieException("cannot read the recipe " + recipe
                    + ": it has neither 'stages' (a list) nor 'stage' (the name of its only one); see the shipped "
                    + String.join(", ", Recipe.SHIPPED));
        }
        var stages = new ArrayList<ObjectNode>();
        for (var each : listed) {
            var stage = common.deepCopy();
            merge(stage, mapping(each, "stages[" + stages.size() + "]"));
            stages.add(stage);
        }
        return stages;
    }

    private boolean isSkipped(String name, ObjectNode stage) {
        var skip = stage.path(SKIP);
        if (!skip.isMissingNode() && !skip.isBoolean()) {
            throw new AerieException("cannot read the recipe " + recipe + ": " + name + "." + SKIP + " is " + skip
                    + ", expected true or false");
        }
        return skip.asBoolean(false);
    }

    private String name(ObjectNode stage) {
        var name = stage.path("stage");
        if (!name.isString()) {
            throw new AerieException(
                    "cannot read the recipe " + recipe + ": a stage's name is " + name + ", expected 'stage: NAME'");
        }
        return name.stringValue();
    }

    private void applyVariant(ObjectNode top, List<ObjectNode> stages, List<String> names) {
        if (!top.hasNonNull("variant")) {
            return;
        }
        var variants = top.path("variants");
        var chosen = top.get("variant").asString("");
        if (!variants.path(chosen).isObject()) {
            throw new AerieException("cannot read the recipe " + recipe + ": variant is '" + chosen
                    + "', expected one of " + String.join(", ", new LinkedHashSet<>(variants.propertyNames())));
        }
        for (var change : variants.path(chosen).properties()) {
            int index = names.indexOf(change.getKey());
            if (index < 0) {
                throw new AerieException("cannot read the recipe " + recipe + ": variants." + chosen
                        + " changes the stage '" + change.getKey() + "', expected one of " + String.join(", ", names));
            }
            merge(stages.get(index), mapping(change.getValue(), "variants." + chosen + "." + change.getKey()));
        }
    }

    private static void apply(Change change, List<ObjectNode> stages, List<String> names) {
        int index = names.indexOf(change.keys.getFirst());
        if (index >= 0 && change.keys.size() > 1) {
            put(stages.get(index), change.keys.subList(1, change.keys.size()), change.value);
        } else {
            stages.forEach(stage -> put(stage, change.keys, change.value));
        }
    }

    /// What the command line sets: `learn` has one more key whatever dots stand in it.
    private record Change(List<String> keys, JsonNode value) {

        static Change of(String text) {
            int sign = text.indexOf('=');
            if (sign < 1) {
                throw new AerieException("cannot set '" + text + "': expected key.path=value, such as batch.micro=2");
            }
            var keys = new ArrayList<>(List.of(text.substring(0, sign).split("\\.", -1)));
            int learn = keys.indexOf("learn");
            if (learn >= 0 && learn < 2 && keys.size() > learn + 2) {
                var name = String.join(".", keys.subList(learn + 1, keys.size()));
                keys.subList(learn + 1, keys.size()).clear();
                keys.add(name);
            }
            try {
                return new Change(keys, MAPPER.readTree(text.substring(sign + 1)));
            } catch (JacksonException e) {
                throw new AerieException(
                        "cannot set '" + text + "': the value is not YAML (" + e.getOriginalMessage() + ")", e);
            }
        }
    }

    /// Puts a value at a place, making the mappings on the way.
    private static void put(ObjectNode node, List<String> keys, JsonNode value) {
        for (var key : keys.subList(0, keys.size() - 1)) {
            var next = node.get(key);
            node = next instanceof ObjectNode mapping ? mapping : opened(node, key, Optional.ofNullable(next));
        }
        replace(node, keys.getLast(), value);
    }

    /// A mapping in place of a value; a text written short is kept under its own key.
    private static ObjectNode opened(ObjectNode node, String key, Optional<JsonNode> before) {
        var mapping = node.putObject(key);
        before.filter(JsonNode::isString)
                .ifPresent(text -> mapping.set(
                        switch (key) {
                            case "from" -> "checkpoint";
                            case "fusion" -> "method";
                            default -> "mixture";
                        },
                        text));
        return mapping;
    }

    private void merge(ObjectNode base, ObjectNode over) {
        for (var entry : over.properties()) {
            var key = entry.getKey();
            if (base.get(key) instanceof ObjectNode both
                    && entry.getValue() instanceof ObjectNode other
                    && !key.equals(WHOLE)) {
                merge(both, other);
            } else {
                replace(base, key, entry.getValue().deepCopy());
            }
        }
    }

    /// The new value goes to the end, since in `learn` the last match counts.
    private static void replace(ObjectNode node, String key, JsonNode value) {
        node.remove(key);
        if (EXCLUSIVE.containsKey(key)) {
            node.remove(EXCLUSIVE.get(key));
        }
        node.set(key, value);
    }

    private ObjectNode mapping(JsonNode node, String place) {
        if (node instanceof ObjectNode mapping) {
            return mapping;
        }
        throw new AerieException(String.format(
                Locale.ROOT, "cannot read the recipe %s: %s is no mapping, expected keys and values", recipe, place));
    }
}
