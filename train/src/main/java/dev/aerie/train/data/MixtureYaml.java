package dev.aerie.train.data;

import dev.aerie.AerieException;
import dev.aerie.text.Template;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads manifests. What it does not know is an error: a misspelt key must not change a training set silently.
final class MixtureYaml {

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Set<String> KEYS = Set.of("description", "sources");
    private static final Set<String> SOURCE_KEYS =
            Set.of("name", "records", "pictures", "prefix", "count", "weight", "seed", "template", "rows", "published");

    private final String name;
    private final Path folder;

    private MixtureYaml(String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    static Mixture read(String name, String yaml, Path folder) {
        try {
            return new MixtureYaml(name, folder).mixture(MAPPER.readTree(yaml));
        } catch (JacksonException e) {
            throw new AerieException(
                    "cannot read the manifest " + name + ": it is not YAML (" + e.getOriginalMessage() + ")", e);
        }
    }

    private Mixture mixture(JsonNode json) {
        requireKeys(json, "its top", KEYS);
        var sources = new ArrayList<Mixture.Source>();
        for (var source : json.path("sources")) {
            sources.add(source(source, "source " + (sources.size() + 1)));
        }
        if (sources.isEmpty()) {
            throw wrong("sources", "a list of at least one source");
        }
        return new Mixture(name, text(json, "its top", "description").orElse("").strip(), sources);
    }

    private Mixture.Source source(JsonNode json, String where) {
        requireKeys(json, where, SOURCE_KEYS);
        var records = text(json, where, "records").orElseThrow(() -> wrong("records of " + where, "a file of records"));
        return new Mixture.Source(
                text(json, where, "name").orElse(records),
                path(records, "records of " + where),
                text(json, where, "pictures").map(pictures -> path(pictures, "pictures of " + where)),
                text(json, where, "prefix").orElse(""),
                amount(json, where),
                whole(json, where, "seed").orElse(0),
                text(json, where, "template").map(Template::named),
                text(json, where, "rows").map(RowForm::named),
                whole(json, where, "published"));
    }

    private Path path(String text, String what) {
        try {
            return folder.resolve(text);
        } catch (InvalidPathException e) {
            throw wrong(what, "a path");
        }
    }

    private Mixture.Amount amount(JsonNode json, String where) {
        if (json.has("count") && json.has("weight")) {
            throw wrong(where, "a count or a weight, not both");
        }
        var count = whole(json, where, "count");
        if (count.isPresent()) {
            return new Mixture.Amount.Count(count.getAsLong());
        }
        var weight = json.path("weight");
        if (weight.isMissingNode()) {
            return new Mixture.Amount.All();
        }
        if (!weight.isNumber() || !(weight.doubleValue() >= 0) || weight.doubleValue() > 1e6) {
            throw wrong("weight of " + where, "a number from 0 on, 1 for all records once");
        }
        return new Mixture.Amount.Weight(weight.doubleValue());
    }

    private Optional<String> text(JsonNode json, String where, String key) {
        var value = json.path(key);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw wrong(key + " of " + where, "a text");
        }
        return Optional.of(value.stringValue());
    }

    private OptionalLong whole(JsonNode json, String where, String key) {
        var value = json.path(key);
        if (value.isMissingNode()) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw wrong(key + " of " + where, "a whole number from 0 on");
        }
        return OptionalLong.of(value.longValue());
    }

    private void requireKeys(JsonNode json, String where, Set<String> known) {
        if (!json.isObject()) {
            throw wrong(where, "keys and values");
        }
        for (var key : json.propertyNames()) {
            if (!known.contains(key)) {
                throw new AerieException("cannot read the manifest " + name + ": " + where + " has the unknown key '"
                        + key + "'; known are " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    private AerieException wrong(String what, String expected) {
        return new AerieException("cannot read the manifest " + name + ": expected " + expected + " at " + what);
    }
}
