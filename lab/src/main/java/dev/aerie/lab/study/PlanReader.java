package dev.aerie.lab.study;

import dev.aerie.AerieException;
import dev.aerie.vision.Experts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads plans. What it does not know is an error: a misspelt key must not change a study silently.
///
/// ```yaml
/// study: pre-alignment
/// title: Unfreezing and pre-alignment
/// published: Table 5
/// about: Does it help to align each expert with the decoder before they are joined?
/// recipe: study                          # of a cell: shipped, or a file
/// towers: clip-448;convnext-1024         # where no axis says otherwise
/// set: [fine-tune.schedule.steps=500]    # for all cells
/// pictures: 600                          # that a cell is scored on
/// seeds: 3
/// grid:
///   unfreeze:                            # an axis: its values with their settings of the recipe
///     frozen: [fine-tune.learn.experts=0]
///     unfrozen: []
///   experts:
///     two: { towers: clip-448;convnext-1024 }
/// search: [sam-1024, det-1024]           # instead of a grid: added to `towers` one by one, each time the best
/// paper: { "frozen, two": 652.0 }        # the published average of a cell, or of `best of 2` of a search
/// findings:                              # what the paper found: the mean of some cells is above that of others
///   - { claim: learning experts help, more: ["unfrozen, two"], less: ["frozen, two"] }
/// ```
final class PlanReader {

    /// The plans that are shipped.
    static final List<String> SHIPPED =
            List.of("resolution", "experts", "fusion", "pre-alignment", "mixture", "search");

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,40}");
    private static final long MOST_BYTES = 1 << 20;
    private static final int MOST_CELLS = 10_000;
    private static final Set<String> KEYS = Set.of(
            "study",
            "title",
            "published",
            "about",
            "recipe",
            "towers",
            "set",
            "pictures",
            "seeds",
            "budget",
            "own",
            "grid",
            "search",
            "paper",
            "findings");
    private static final Set<String> VALUE_KEYS = Set.of("towers", "set");
    private static final Set<String> FINDING_KEYS = Set.of("claim", "more", "less", "each");
    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String plan;

    private PlanReader(String plan) {
        this.plan = plan;
    }

    /// A shipped plan or a file.
    static StudyPlan find(String place) {
        if (SHIPPED.contains(place)) {
            try (var stream = Objects.requireNonNull(PlanReader.class.getResourceAsStream(place + ".yaml"))) {
                return parse(place, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new AerieException("cannot read the plan " + place + " (" + e + ")", e);
            }
        }
        var file = Path.of(place);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                throw new AerieException("cannot read the plan " + place + ": there is no such file of at most "
                        + MOST_BYTES + " bytes; check the path, or name one of " + String.join(", ", SHIPPED));
            }
            return parse(place, Files.readString(file));
        } catch (IOException e) {
            throw new AerieException("cannot read the plan " + place + " (" + e + ")", e);
        }
    }

    /// @param name of the plan in errors
    static StudyPlan parse(String name, String yaml) {
        var reader = new PlanReader(name);
        try {
            return reader.plan(MAPPER.readTree(yaml));
        } catch (JacksonException e) {
            throw new AerieException(
                    "cannot read the plan " + name + ": it is not YAML (" + e.getOriginalMessage() + ")", e);
        } catch (StackOverflowError e) {
            throw new AerieException("cannot read the plan " + name + ": it is nested too deeply", e);
        }
    }

    private StudyPlan plan(JsonNode json) {
        requireKeys(json, "its top", KEYS);
        var name = text(json, "study", "");
        if (!NAME.matcher(name).matches()) {
            throw wrong("study", name, "lower-case letters, digits and hyphens");
        }
        var axes = new ArrayList<StudyPlan.Axis>();
        for (var axis : mapping(json, "grid")) {
            axes.add(new StudyPlan.Axis(axis.getKey(), values(axis.getKey(), axis.getValue())));
        }
        var search = texts(json.path("search"), "search");
        if (axes.isEmpty() == search.isEmpty()) {
            throw wrong("grid", axes.isEmpty() ? "nothing" : "there with search", "either a grid or a search");
        }
        var towers = text(json, "towers", "clip-448");
        Experts.parse(towers);
        requireDistinct(towers, search);
        var paper = new LinkedHashMap<String, Double>();
        for (var value : mapping(json, "paper")) {
            if (!value.getValue().isNumber()) {
                throw wrong("paper." + value.getKey(), value.getValue().toString(), "a number");
            }
            paper.put(value.getKey(), value.getValue().doubleValue());
        }
        requireFew(axes);
        var plan = new StudyPlan(
                name,
                text(json, "title", name),
                text(json, "published", ""),
                text(json, "about", "").strip(),
                text(json, "recipe", "study"),
                towers,
                texts(json.path("set"), "set"),
                axes,
                search,
                paper,
                findings(json),
                (int) number(json, "pictures", 600, 1, 100_000),
                (int) number(json, "seeds", 3, 1, 100),
                number(json, "budget", 1, 1e-4, 100),
                number(json, "own", 1, 1e-4, 100));
        requireApart(plan.names());
        requireFound(plan);
        return plan;
    }

    private List<StudyPlan.Finding> findings(JsonNode json) {
        var findings = new ArrayList<StudyPlan.Finding>();
        var all = json.path("findings");
        if (!all.isMissingNode() && !all.isArray()) {
            throw wrong("findings", all.toString(), "a list of claims");
        }
        for (var each : all) {
            requireKeys(each, "findings", FINDING_KEYS);
            var more = texts(each.path("more"), "findings.more");
            var less = texts(each.path("less"), "findings.less");
            if (more.isEmpty() || less.isEmpty()) {
                throw wrong("findings", each.toString(), "names of cells as more and as less");
            }
            if (each.has("each") && !each.path("each").isBoolean()) {
                throw wrong("findings.each", each.path("each").toString(), "true or false");
            }
            findings.add(new StudyPlan.Finding(
                    text(each, "claim", ""), more, less, each.path("each").asBoolean(false)));
        }
        return findings;
    }

    /// Figures and findings are of cells that there can be.
    private void requireFound(StudyPlan plan) {
        plan.paper().keySet().forEach(name -> requireCell(plan, "paper", name));
        for (var finding : plan.findings()) {
            finding.more().forEach(name -> requireCell(plan, "findings", name));
            finding.less().forEach(name -> requireCell(plan, "findings", name));
        }
    }

    private void requireCell(StudyPlan plan, String key, String name) {
        if (plan.search().isEmpty()) {
            if (!plan.names().contains(name)) {
                throw wrong(key, name, "one of the cells " + plan.names());
            }
        } else if (!Rounds.canBe(plan, name)) {
            throw wrong(key, name, Rounds.expected(plan));
        }
    }

    /// No expert can be added to a mixture that has it.
    private void requireDistinct(String towers, List<String> search) {
        var seen = EnumSet.copyOf(Experts.parse(towers));
        for (var each : search) {
            for (var expert : Experts.parse(each)) {
                if (!seen.add(expert)) {
                    throw wrong(
                            "search", String.join(", ", search), "each expert once, and none of towers: not " + each);
                }
            }
        }
    }

    private void requireFew(List<StudyPlan.Axis> axes) {
        long cells = 1;
        for (var axis : axes) {
            cells *= axis.values().size();
            if (cells > MOST_CELLS) {
                throw wrong("grid", cells + " cells", "at most " + MOST_CELLS);
            }
        }
    }

    /// Cells are told apart by the letters and digits of their names, which name their files.
    private void requireApart(List<String> cells) {
        var seen = new HashMap<String, String>();
        for (var cell : cells) {
            var other = seen.put(Results.slug(cell), cell);
            if (other != null) {
                throw wrong("grid", cell, "a name with other letters or digits than '" + other + "'");
            }
        }
    }

    private List<StudyPlan.Value> values(String axis, JsonNode json) {
        var values = new ArrayList<StudyPlan.Value>();
        if (!json.isObject() || json.isEmpty()) {
            throw wrong("grid." + axis, json.toString(), "values with their settings");
        }
        for (var value : json.properties()) {
            var where = "grid." + axis + "." + value.getKey();
            if (value.getKey().contains(",")) {
                throw wrong(where, value.getKey(), "a name without a comma");
            }
            var own = value.getValue();
            if (own.isObject()) {
                requireKeys(own, where, VALUE_KEYS);
                var towers = text(own, "towers", "");
                if (!towers.isEmpty()) {
                    Experts.parse(towers);
                }
                values.add(new StudyPlan.Value(value.getKey(), towers, texts(own.path("set"), where + ".set")));
            } else {
                values.add(new StudyPlan.Value(value.getKey(), "", texts(own, where)));
            }
        }
        return values;
    }

    private Set<Map.Entry<String, JsonNode>> mapping(JsonNode json, String key) {
        var node = json.path(key);
        if (node.isMissingNode()) {
            return Set.of();
        }
        if (!node.isObject()) {
            throw wrong(key, node.toString(), "a mapping");
        }
        return node.properties();
    }

    private List<String> texts(JsonNode json, String where) {
        if (json.isMissingNode()) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        for (var each : json) {
            if (!each.isString()) {
                throw wrong(where, json.toString(), "a list of texts");
            }
            texts.add(each.stringValue());
        }
        if (!json.isArray()) {
            throw wrong(where, json.toString(), "a list of texts");
        }
        return texts;
    }

    private String text(JsonNode json, String key, String otherwise) {
        var node = json.path(key);
        if (!node.isMissingNode() && !node.isString()) {
            throw wrong(key, node.toString(), "a text");
        }
        return node.isString() ? node.stringValue() : otherwise;
    }

    private double number(JsonNode json, String key, double otherwise, double least, double most) {
        var node = json.path(key);
        if (node.isMissingNode()) {
            return otherwise;
        }
        if (!node.isNumber() || node.doubleValue() < least || node.doubleValue() > most) {
            throw wrong(key, node.toString(), "a number from %s to %s".formatted(least, most));
        }
        return node.doubleValue();
    }

    private void requireKeys(JsonNode json, String where, Set<String> known) {
        if (!json.isObject()) {
            throw wrong(where, json.toString(), "keys and values");
        }
        for (var key : json.propertyNames()) {
            if (!known.contains(key)) {
                throw new AerieException("cannot read the plan " + plan + ": " + where + " has the key '" + key
                        + "', expected some of " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    private AerieException wrong(String key, String value, String expected) {
        return new AerieException(
                "cannot read the plan " + plan + ": " + key + " is '" + value + "', expected " + expected);
    }
}
