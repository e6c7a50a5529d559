package dev.aerie.eagle;

import dev.aerie.fusion.FusionChoice;
import dev.aerie.language.LlamaConfig;
import dev.aerie.language.Rope;
import dev.aerie.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// Writes `config.json` and `generation_config.json` as the released checkpoints have them.
///
/// @param dtype         of the weights beside them
/// @param special       ids of the tokens that begin and end texts, and that fill rows
/// @param visionWidth   channels of the fused features; 0 without a tower
public record ConfigWriter(EagleConfig config, DType dtype, SpecialIds special, long visionWidth) {

    /// Ids of control tokens.
    public record SpecialIds(int bos, int eos, int pad) {}

    /// Writes both files into a folder.
    public void writeTo(Path folder) throws IOException {
        writeJson(folder.resolve("config.json"), json());
        writeJson(folder.resolve("generation_config.json"), ends(new LinkedHashMap<>()));
    }

    /// Writes any value as indented JSON.
    public static void writeJson(Path file, Object json) throws IOException {
        var text = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json);
        Files.writeString(file, text + "\n");
    }

    private Map<String, Object> json() {
        var language = config.language();
        var json = new LinkedHashMap<String, Object>();
        json.put("architectures", new String[] {config.architecture()});
        json.put("model_type", config.architecture().startsWith("Eagle") ? "eagle_llama" : "llava_llama");
        json.put(
                "torch_dtype",
                switch (dtype) {
                    case BF16 -> "bfloat16";
                    case F16 -> "float16";
                    default -> "float32";
                });
        json.put("hidden_size", language.hidden());
        json.put("num_hidden_layers", language.layers());
        json.put("num_attention_heads", language.heads());
        json.put("num_key_value_heads", language.kvHeads());
        if (language.headWidth() * language.heads() != language.hidden()) {
            json.put("head_dim", language.headWidth());
        }
        json.put("intermediate_size", language.mlp());
        json.put("vocab_size", language.vocabulary());
        json.put("max_position_embeddings", trainedContext(language));
        json.put("hidden_act", "silu");
        json.put("rms_norm_eps", language.rmsEpsilon());
        json.put("rope_theta", language.rope().theta());
        if (!language.rope().scaling().equals(Rope.Scaling.NONE)) {
            json.put("rope_scaling", scaling(language.rope().scaling()));
        }
        json.put("attention_bias", language.attentionBias());
        json.put("mlp_bias", language.mlpBias());
        json.put("tie_word_embeddings", language.tied());
        if (!config.towers().isEmpty()) {
            json.put("mm_vision_tower", config.towers());
            json.put("mm_projector_type", config.projector());
            json.put("mm_hidden_size", visionWidth);
            json.put("mm_vision_select_layer", -2);
            json.put("mm_vision_select_feature", "patch");
            json.put("mm_use_im_start_end", false);
            json.put("mm_use_im_patch_token", false);
            json.put("image_aspect_ratio", config.aspect().name().toLowerCase(Locale.ROOT));
            config.tiling().ifPresent(tiling -> json.put("mm_tiling", tiling.toString()));
        }
        if (!config.mixture().equals(Mixture.Shape.PUBLISHED)) {
            json.put("mm_vision_input", config.mixture().input());
            json.put("mm_vision_grid", config.mixture().grid());
            var inputs = new TreeMap<String, Integer>();
            config.mixture().inputs().forEach((expert, side) -> inputs.put(expert.tower(), side));
            json.put("mm_expert_inputs", inputs);
        }
        json.putAll(layout());
        var fusion = config.mixture().fusion();
        if (!fusion.equals(FusionChoice.CHANNEL_CONCAT)) {
            json.put("mm_fusion", fusion.method().label());
            json.put("mm_fusion_sizes", new TreeMap<>(fusion.sizes()));
        }
        json.put("tokenizer_model_max_length", config.maxLength());
        json.put("tokenizer_padding_side", "right");
        json.put("use_cache", true);
        return ends(json);
    }

    private Map<String, Object> layout() {
        return switch (config.layout()) {
            case Layout.Eagle _ -> Map.of();
            case Layout.LlavaHr(int input, double epsilon, boolean frozen) ->
                Map.of(
                        "is_multipath_encoder",
                        true,
                        "input_image_size",
                        input,
                        "vision_tower_slow",
                        convNext(epsilon),
                        "freeze_vision",
                        frozen);
            case Layout.MiniGemini(int input, double epsilon) ->
                Map.of("image_size_aux", input, "mm_vision_tower_aux", convNext(epsilon));
            case Layout.LlavaNext(var canvases) ->
                Map.of(
                        "image_aspect_ratio", "anyres",
                        "mm_patch_merge_type", "spatial_unpad",
                        "image_grid_pinpoints",
                                canvases.stream()
                                        .map(size -> new int[] {size.width(), size.height()})
                                        .toList());
        };
    }

    /// The name by which [EagleConfig] knows ConvNeXt's size, and so its norms.
    private static String convNext(double epsilon) {
        return epsilon == EagleConfig.XXLARGE_EPSILON ? "convnext_xxlarge" : "convnext_large";
    }

    private Map<String, Object> ends(Map<String, Object> json) {
        json.put("bos_token_id", special.bos());
        json.put("eos_token_id", special.eos());
        json.put("pad_token_id", special.pad());
        return json;
    }

    /// What is written down: with linear and dynamic scaling the context before it is stretched.
    private static int trainedContext(LlamaConfig language) {
        return switch (language.rope().scaling()) {
            case Rope.Scaling.Linear(double factor) -> (int) (language.maxPositions() / factor);
            case Rope.Scaling.Dynamic(double _, int trained) -> trained;
            case Rope.Scaling.Llama3 _ -> language.maxPositions();
        };
    }

    private static Map<String, Object> scaling(Rope.Scaling scaling) {
        return switch (scaling) {
            case Rope.Scaling.Linear(double factor) -> Map.of("rope_type", "linear", "factor", factor);
            case Rope.Scaling.Dynamic(double factor, int _) -> Map.of("rope_type", "dynamic", "factor", factor);
            case Rope.Scaling.Llama3(double factor, double low, double high, int trained) ->
                Map.of(
                        "rope_type", "llama3",
                        "factor", factor,
                        "low_freq_factor", low,
                        "high_freq_factor", high,
                        "original_max_position_embeddings", trained);
        };
    }
}
