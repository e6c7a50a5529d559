package dev.aerie.parity;

import dev.aerie.AerieException;
import dev.aerie.fusion.DecoderShape;
import dev.aerie.fusion.DeformableAttention;
import dev.aerie.fusion.GatedCrossAttention;
import dev.aerie.fusion.PatchMining;
import dev.aerie.fusion.PerceiverResampler;
import dev.aerie.fusion.QFormer;
import dev.aerie.fusion.ResolutionAdapter;
import dev.aerie.fusion.ResolutionSum;
import dev.aerie.fusion.SpatialAggregator;
import dev.aerie.fusion.TokenShuffle;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A module of a fusion method alone: what it makes of given tensors with given weights.
public final class FusionKind implements Kind {

    /// IDEFICS', which the case of the gated layer comes from.
    private static final double RMS_EPSILON = 1e-6;

    @Override
    public String name() {
        return "fusion";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var json = file.json();
        var weights = file.folder().resolve("weights.safetensors");
        try (var given = GoldenTensors.open(file.folder().resolve("tensors.safetensors"));
                var _ = TensorScope.open()) {
            Map<String, Tensor> actual;
            if (Files.exists(weights)) {
                try (var source = new CheckpointSource(Checkpoint.open(weights))) {
                    actual = new Case(json, given, source).run();
                }
            } else {
                actual = weightless(json, given);
            }
            var measures = new ArrayList<Measure>();
            double tolerance = json.get("atol").doubleValue();
            for (var field : given.file().names()) {
                if (field.startsWith("output/")) {
                    var made = actual.get(field.substring("output/".length()));
                    measures.add(
                            made == null
                                    ? Measure.failed(field, "the module gives nothing of this name")
                                    : given.compare(field, made, tolerance));
                }
            }
            return List.of(new Outcome(name(), json.get("case").asString(), measures));
        }
    }

    private static Map<String, Tensor> weightless(JsonNode json, GoldenTensors given) {
        var method = json.get("method").asString();
        if (method.startsWith("pixel shuffle")) {
            var tokens = given.get("input/tokens");
            var shape = given.get("output/output").shape();
            int factor = (int) Math.round(Math.sqrt((double) shape[2] / tokens.size(2)));
            return Map.of("output", new TokenShuffle(factor).apply(tokens));
        }
        if (method.startsWith("initial sampling offsets")) {
            var scales = new double[json.get("levels").intValue()];
            Arrays.fill(scales, 1);
            var offsets = DeformableAttention.initialOffsets(
                    json.get("heads").intValue(), json.get("points").intValue(), scales);
            return Map.of("offset_bias", Tensor.of(offsets, offsets.length));
        }
        throw unknown(method);
    }

    private static AerieException unknown(String method) {
        return new AerieException("golden case names the unknown fusion method '" + method + "'");
    }

    /// One module with its weights.
    private record Case(JsonNode json, GoldenTensors given, ParameterSource source) {

        Map<String, Tensor> run() {
            var method = json.get("method").asString();
            return switch (method.replaceFirst(" *\\(.*", "")) {
                case "llava-hr adapter" -> Map.of("fused", adapter());
                case "llava-hr final sum" -> Map.of("fused", sum());
                case "mini-gemini patch-info mining" -> mining();
                case "multi-scale deformable attention" -> deformable();
                case "spatial vision aggregator" -> Map.of("queries", aggregator());
                case "Q-Former" -> Map.of("output", qFormer());
                case "Perceiver resampler" -> Map.of("output", perceiver());
                case "gated cross-attention layer" -> Map.of("output", gated());
                default -> throw unknown(method);
            };
        }

        private Tensor input(String name) {
            return given.get("input/" + name);
        }

        private int number(String field) {
            return json.get(field).intValue();
        }

        /// Extent `dim` of a stored weight.
        private int size(String name, int dim) {
            var shape = source.stored(name).orElseThrow(() -> new AerieException("golden case has no weight " + name));
            return Math.toIntExact(shape[dim]);
        }

        private Tensor adapter() {
            var fast = input("fast");
            var slow = input("slow");
            var gate = size("gate.2.bias", 0) == 1 ? ResolutionAdapter.Gate.SCALAR : ResolutionAdapter.Gate.CHANNEL;
            return new ResolutionAdapter(source, (int) fast.size(2), (int) slow.size(1), gate).apply(fast, slow);
        }

        private Tensor sum() {
            var fast = input("fast");
            var slow = input("slow");
            return new ResolutionSum(source, (int) fast.size(2), (int) slow.size(1)).apply(fast, slow);
        }

        private Map<String, Tensor> mining() {
            var tokens = input("tokens");
            var map = input("map");
            var mining = new PatchMining(source, (int) tokens.size(2), List.of((int) map.size(1)));
            var mined = mining.apply(tokens, List.of(map.flatten(2).transpose(1, 2)));
            return Map.of("mined", mined, "sum", tokens.plus(mined));
        }

        private Map<String, Tensor> deformable() {
            var queries = input("queries");
            var levels = new ArrayList<DeformableAttention.Level>();
            json.get("levels")
                    .forEach(level -> levels.add(new DeformableAttention.Level(
                            level.get(0).intValue(), level.get(1).intValue())));
            var scales = new double[levels.size()];
            Arrays.fill(scales, 1);
            var attention =
                    new DeformableAttention(source, (int) queries.size(2), number("heads"), number("points"), scales);
            var result = attention.apply(queries, input("reference"), input("features"), levels);
            return Map.of("output", result.output(), "weights", result.weights());
        }

        private Tensor aggregator() {
            var across = new ArrayList<Integer>();
            json.get("kv_sizes").forEach(size -> across.add(size.intValue()));
            var queries = input("queries");
            var context = input("context");
            var kind = json.get("type").asString().equals("sep")
                    ? SpatialAggregator.Kind.SEPARATE
                    : SpatialAggregator.Kind.JOINT;
            var size = new SpatialAggregator.Size(
                    (int) queries.size(2),
                    (int) context.size(2),
                    number("hidden"),
                    across,
                    number("layers"),
                    number("heads"),
                    kind);
            var cells = new ArrayList<Tensor>();
            var masks = new ArrayList<Tensor>();
            for (int k = 0; k < across.size(); k++) {
                cells.add(input("vision_" + k).unsqueeze(1)); // [B, 1, m², C]
                if (given.has("input/mask_" + k)) {
                    masks.add(input("mask_" + k));
                }
            }
            return new SpatialAggregator(source, size).apply(queries, context, cells, masks);
        }

        private Tensor qFormer() {
            int every = json.has("cross_attention_frequency") ? number("cross_attention_frequency") : 2;
            var size = new QFormer.Size(
                    size("layernorm.weight", 0),
                    size("encoder.layer.0.crossattention.attention.key.weight", 1),
                    source.count("encoder.layer", "output_query.dense.weight"),
                    number("heads"),
                    size("encoder.layer.0.intermediate_query.dense.weight", 0),
                    every);
            return new QFormer(source, size).apply(input("queries"), input("encoder"));
        }

        private Tensor perceiver() {
            var size = new PerceiverResampler.Size(
                    size("latents", 1),
                    size("latents", 0),
                    source.count("blocks", "1.fc.weight"),
                    number("heads"),
                    number("head_dim"),
                    size("blocks.0.1.fc.weight", 0));
            return new PerceiverResampler(source, size).apply(input("context"));
        }

        private Tensor gated() {
            var hidden = input("hidden");
            var images = input("images");
            int heads = number("heads");
            var decoder = new DecoderShape((int) hidden.size(2), 1, heads, size("mlp.up_proj.weight", 0), RMS_EPSILON);
            var layer = new GatedCrossAttention(source, decoder, (int) images.size(2));
            return layer.think(layer.look(hidden, images));
        }
    }
}
