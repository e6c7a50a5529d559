package dev.aerie.parity;

import dev.aerie.AerieException;
import dev.aerie.nn.Between;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.vision.Clip;
import dev.aerie.vision.ConvNext;
import dev.aerie.vision.DinoV2;
import dev.aerie.vision.Eva02;
import dev.aerie.vision.EvaClip;
import dev.aerie.vision.InternVit;
import dev.aerie.vision.Pix2Struct;
import dev.aerie.vision.Sam;
import dev.aerie.vision.SigLip;
import dev.aerie.vision.VisionExpert;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// One expert alone: its output and its intermediate maps.
public final class VisionKind implements Kind {

    /// Which rows of `[B, N, C]` the expected tensors keep, as `slices` says in words: every `step`-th from `start`.
    private record Rows(int start, int step) {

        Tensor of(Tensor tokens) {
            return tokens.slice(1, start, tokens.size(1), step);
        }
    }

    @Override
    public String name() {
        return "vision";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var json = file.json();
        var name = json.get("case").asString();
        try (var source = new CheckpointSource(Checkpoint.open(weights(file)));
                var expected = GoldenTensors.open(file.folder().resolve("expected.safetensors"));
                var _ = TensorScope.open()) {
            var seen = encode(json, source);
            var measures = new ArrayList<Measure>();
            for (var field : expected.file().names()) {
                var stage = field.replaceFirst("_slice$", "");
                var actual = seen.get(stage);
                measures.add(
                        actual == null
                                ? Measure.failed(field, "the expert shows no stage of this name")
                                : expected.compare(field, kept(json, field, stage, actual), tolerance(json, stage)));
            }
            return List.of(new Outcome(name(), name, measures));
        }
    }

    /// Cases that look through the same weights share a file of them.
    private static Path weights(GoldenFile file) {
        return file.folder().resolve(file.json().path("weights").asString("weights.safetensors"));
    }

    /// All stages of one forward pass by name; `output` is the features.
    private static Map<String, Tensor> encode(JsonNode json, CheckpointSource source) {
        var pixels = GoldenImage.of(json.get("image"));
        var expert = expert(json, source, Math.toIntExact(pixels.size(3)));
        var seen = new HashMap<String, Tensor>();
        var blocks = new ArrayList<Tensor>();
        var features = expert.encode(pixels, new Between() {
            @Override
            public Tensor after(int block, Tensor hidden) {
                var tokens = (hidden.dims() == 4 ? hidden.flatten(1, 2) : hidden).retain(); // outlives the block
                blocks.add(tokens);
                seen.put("block_" + block, tokens);
                return hidden;
            }

            @Override
            public void stage(String stage, Tensor value) {
                seen.put(stage, value);
            }
        });
        seen.put(
                "output",
                json.get("expert").asString().equals("pix2struct")
                        ? features.resizedTo(32).tokens()
                        : features.tokens());
        if (blocks.size() > 1) {
            seen.put("block_last_but_one", blocks.get(blocks.size() - 2));
        }
        if (expert instanceof SigLip siglip) {
            seen.put("pooled", siglip.pool(features));
        }
        return seen;
    }

    private static VisionExpert expert(JsonNode json, ParameterSource source, int input) {
        var name = json.get("expert").asString();
        var vision = source.at("vision_model");
        return switch (name) {
            case "clip" -> new Clip(vision, Clip.Size.of(vision), Clip.Form.MIXTURE, input);
            case "clip-llava" -> new Clip(vision, Clip.Size.of(vision), Clip.Form.LLAVA, input);
            case "siglip" -> new SigLip(vision, SigLip.Size.of(vision), input);
            case "convnext" -> new ConvNext(source, ConvNext.Size.of(source), input);
            case "sam" -> new Sam(source, Sam.Size.of(source));
            case "eva02" -> {
                var size = Eva02.Size.of(source);
                yield new Eva02(source, size.withWindow(json.path("window").asInt(size.window())), input);
            }
            case "pix2struct" -> new Pix2Struct(source, Pix2Struct.Size.of(source), input);
            case "dinov2" -> new DinoV2(source, DinoV2.Size.of(source), input);
            case "eva-clip" -> {
                var named = EvaClip.named(source);
                yield new EvaClip(named, EvaClip.Size.of(named), input);
            }
            case "internvit" -> new InternVit(source, InternVit.Size.of(source), input);
            default -> throw new AerieException("golden case names the unknown expert '" + name + "'");
        };
    }

    private static Tensor kept(JsonNode json, String field, String stage, Tensor tensor) {
        return field.endsWith("_slice")
                ? rows(json.get("expert").asString(), stage).of(tensor)
                : tensor;
    }

    private static Rows rows(String expert, String stage) {
        boolean output = stage.equals("output");
        return switch (expert) {
            // the expected rows count the class token, which this stage has not got yet
            case "clip", "clip-llava" -> new Rows(stage.equals("patch_embedding") ? 2 : 3, 17);
            case "convnext" -> output ? new Rows(1, 13) : new Rows(5, 997);
            case "sam" -> output ? new Rows(1, 13) : new Rows(5, 97);
            case "pix2struct" -> output ? new Rows(1, 13) : new Rows(5, 61);
            case "eva02" -> new Rows(5, 61);
            default -> new Rows(3, 17);
        };
    }

    private static double tolerance(JsonNode json, String stage) {
        return json.get("atol")
                .get(stage.equals("output") ? "output" : "stages")
                .doubleValue();
    }
}
