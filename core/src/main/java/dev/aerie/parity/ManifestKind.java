package dev.aerie.parity;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Mixture;
import dev.aerie.eagle.PartCount;
import dev.aerie.image.Aspect;
import dev.aerie.language.LlamaConfig;
import dev.aerie.language.Rope;
import dev.aerie.nn.Manifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The names and shapes of a full-size model, and its parameters per part.
public final class ManifestKind implements Kind {

    @Override
    public String name() {
        return "manifest";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var json = file.json();
        var entries = EagleModel.manifest(config(json));
        var ours = new TreeMap<String, String>();
        entries.forEach(entry -> ours.put(entry.name(), Arrays.toString(entry.shape())));
        var theirs = new TreeMap<String, String>();
        json.get("tensors").properties().forEach(tensor -> theirs.put(tensor.getKey(), shape(tensor.getValue())));

        var measures = new ArrayList<Measure>();
        measures.add(difference("missing", theirs, ours));
        measures.add(difference("unexpected", ours, theirs));
        measures.add(Measure.exact(
                "parameters",
                json.get("parameters").longValue(),
                entries.stream()
                        .filter(entry -> entry.role() != Manifest.Role.BUFFER)
                        .mapToLong(Manifest.Entry::elements)
                        .sum()));
        var counts = PartCount.of(entries, json.get("towers").asString());
        json.get("parameters_by_part")
                .properties()
                .forEach(part -> measures.add(Measure.exact(
                        part.getKey(), part.getValue().longValue(), counts.getOrDefault(part.getKey(), 0L))));
        return List.of(new Outcome(name(), json.get("model").asString(), measures));
    }

    private static EagleConfig config(JsonNode json) {
        var sizes = json.get("config");
        int hidden = sizes.get("hidden").intValue();
        int heads = sizes.get("heads").intValue();
        int width = hidden / heads;
        var language = new LlamaConfig(
                hidden,
                sizes.get("layers").intValue(),
                heads,
                sizes.path("kv").asInt(heads),
                width,
                sizes.get("ffn").intValue(),
                sizes.get("vocab").intValue(),
                1e-5,
                new Rope(width, 10_000, Rope.Scaling.NONE),
                4096,
                false,
                false,
                false);
        var projector = json.path("projector").asString("mlp2x_gelu");
        return new EagleConfig(
                "",
                language,
                json.get("towers").asString(),
                Mixture.Shape.PUBLISHED,
                projector,
                Aspect.PAD,
                Set.of(),
                2048);
    }

    private static String shape(JsonNode array) {
        var shape = new long[array.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = array.get(i).longValue();
        }
        return Arrays.toString(shape);
    }

    /// What stands in `all` and not, or with another shape, in `others`.
    private static Measure difference(String field, TreeMap<String, String> all, TreeMap<String, String> others) {
        var differing = all.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(others.get(entry.getKey())))
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
        return differing.isEmpty()
                ? Measure.of(field, 0, 0)
                : Measure.failed(field, differing.size() + " tensors, first " + differing.getFirst());
    }
}
