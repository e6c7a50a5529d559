package dev.aerie.train.recipe;

import dev.aerie.AerieException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads the values of one YAML mapping; a wrong one is an error that names recipe, place, value and what was
/// expected. What was never asked for is an error of [#close]. A key without a value counts as absent.
final class Settings implements AutoCloseable {

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    private final String recipe;
    private final String place;
    private final JsonNode json;
    private final Set<String> asked = new HashSet<>();

    /// @param place of the mapping, empty for the top
    Settings(String recipe, String place, JsonNode json) {
        this.recipe = recipe;
        this.place = place;
        this.json = json;
        if (!json.isObject()) {
            throw wrong(recipe, place.isEmpty() ? "its top" : place, json, "keys and values");
        }
    }

    boolean has(String key) {
        asked.add(key);
        return json.hasNonNull(key);
    }

    private JsonNode get(String key) {
        asked.add(key);
        return json.path(key);
    }

    /// The mapping under `key`; empty if it is not there.
    Settings at(String key) {
        var node = get(key);
        return new Settings(recipe, path(key), has(key) ? node : JsonNodeFactory.instance.objectNode());
    }

    /// A value that may be written short: a text stands for a mapping with that text under `shortKey`.
    Settings at(String key, String shortKey) {
        var node = get(key);
        return node.isString()
                ? new Settings(
                        recipe, path(key), JsonNodeFactory.instance.objectNode().put(shortKey, node.stringValue()))
                : at(key);
    }

    /// The keys that have a value.
    List<String> keys() {
        asked.addAll(json.propertyNames());
        return json.propertyNames().stream().filter(json::hasNonNull).toList();
    }

    String text(String key) {
        return optionalText(key).orElseThrow(() -> wrong(key, "a text"));
    }

    String text(String key, String otherwise) {
        return optionalText(key).orElse(otherwise);
    }

    Optional<String> optionalText(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        if (!get(key).isString() || get(key).stringValue().isBlank()) {
            throw wrong(key, "a text");
        }
        return Optional.of(get(key).stringValue());
    }

    Optional<Path> path(String key, String what) {
        return optionalText(key).map(text -> {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw wrong(key, what);
            }
        });
    }

    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!get(key).isBoolean()) {
            throw wrong(key, "true or false");
        }
        return get(key).booleanValue();
    }

    long whole(String key, long least, long most) {
        var node = get(key);
        if (!node.isIntegralNumber()
                || !node.canConvertToLong()
                || node.longValue() < least
                || node.longValue() > most) {
            throw wrong(
                    key,
                    "a whole number " + (most == Long.MAX_VALUE ? "from " + least + " on" : least + " to " + most));
        }
        return node.longValue();
    }

    long whole(String key, long least, long most, long otherwise) {
        return has(key) ? whole(key, least, most) : otherwise;
    }

    int integer(String key, int least, int otherwise) {
        return (int) whole(key, least, Integer.MAX_VALUE, otherwise);
    }

    double number(String key, DoublePredicate possible, String expected) {
        var node = get(key);
        // YAML readers differ on whether 2e-5 is a number; ours takes it as one.
        double value = node.isNumber()
                ? node.doubleValue()
                : node.isString() && NUMBER.matcher(node.stringValue()).matches()
                        ? Double.parseDouble(node.stringValue())
                        : Double.NaN;
        if (!Double.isFinite(value) || !possible.test(value)) {
            throw wrong(key, expected);
        }
        return value;
    }

    double number(String key, DoublePredicate possible, String expected, double otherwise) {
        return has(key) ? number(key, possible, expected) : otherwise;
    }

    <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        for (var constant : type.getEnumConstants()) {
            if (get(key).isString() && Stage.label(constant).equals(get(key).stringValue())) {
                return constant;
            }
        }
        throw wrong(
                key, Arrays.stream(type.getEnumConstants()).map(Stage::label).collect(Collectors.joining(" or ")));
    }

    JsonNode list(String key, String what) {
        var node = get(key);
        if (!node.isArray() || node.isEmpty()) {
            throw wrong(key, what);
        }
        return node;
    }

    AerieException wrong(String key, String expected) {
        return wrong(recipe, path(key), json.path(key), expected);
    }

    private AerieException wrong(String where, String place, JsonNode value, String expected) {
        var found = value.isMissingNode() || value.isNull() ? "missing" : shortened(value.toString());
        return new AerieException(
                "cannot read the recipe " + where + ": " + place + " is " + found + ", expected " + expected);
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    private String path(String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    /// Refuses keys that nobody asked for.
    @Override
    public void close() {
        for (var key : json.propertyNames()) {
            if (!asked.contains(key)) {
                throw new AerieException(String.format(
                        Locale.ROOT,
                        "cannot read the recipe %s: %s has the unknown key '%s'; known are %s",
                        recipe,
                        place.isEmpty() ? "its top" : place,
                        shortened(key),
                        String.join(", ", new TreeSet<>(asked))));
            }
        }
    }
}
