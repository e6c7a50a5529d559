package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.image.Aspect;
import dev.aerie.image.Size;
import dev.aerie.language.LlamaConfig;
import dev.aerie.language.Rope;
import dev.aerie.tiling.TilingChoice;
import dev.aerie.vision.Experts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What `config.json` (and `generation_config.json`) of a checkpoint say.
///
/// @param architecture as written: `EagleLlamaForCausalLM`, `LlavaLlamaForCausalLM`, …
/// @param towers       `mm_vision_tower`: the mixture's experts joined by `;`, or one CLIP's name; empty for a language
/// model alone
/// @param mixture      sizes of the mixture: the published ones, or `mm_vision_input`, `mm_vision_grid` and
/// `mm_expert_inputs`; and its fusion, `mm_fusion` and `mm_fusion_sizes`
/// @param projector    `mm_projector_type`
/// @param aspect       what becomes of pictures that are not square
/// @param endTokens    ids that end an answer
/// @param maxLength    the longest prompt the model was trained with, in tokens, pictures included
/// @param layout       whose layout the vision part has
/// @param tiling       `mm_tiling`: how pictures are looked at in tiles, where it was trained so in Eagle's layout
public record EagleConfig(
        String architecture,
        LlamaConfig language,
        String towers,
        Mixture.Shape mixture,
        String projector,
        Aspect aspect,
        Set<Integer> endTokens,
        int maxLength,
        Layout layout,
        Optional<TilingChoice> tiling) {

    private static final Pattern PAIR = Pattern.compile("[\\[(]\\s*(\\d{1,6})\\s*,\\s*(\\d{1,6})\\s*[\\])]");

    /// Of the norms of timm's largest ConvNeXt.
    static final double XXLARGE_EPSILON = 1e-5;

    public EagleConfig {
        endTokens = Set.copyOf(endTokens);
    }

    /// One in Eagle's layout, or LLaVA's.
    public EagleConfig(
            String architecture,
            LlamaConfig language,
            String towers,
            Mixture.Shape mixture,
            String projector,
            Aspect aspect,
            Set<Integer> endTokens,
            int maxLength) {
        this(
                architecture,
                language,
                towers,
                mixture,
                projector,
                aspect,
                endTokens,
                maxLength,
                Layout.EAGLE,
                Optional.empty());
    }

    /// Whether `towers` names a mixture or one of its experts, not a model of its own such as
    /// `openai/clip-vit-large-patch14-336`.
    public boolean isMixture() {
        return !towers.isEmpty() && !towers.contains("/");
    }

    /// The towers of a mixture, in order.
    public List<String> towerNames() {
        return Arrays.stream(towers.split(";")).map(String::strip).toList();
    }

    /// The same for pictures that are treated otherwise.
    public EagleConfig withAspect(Aspect other) {
        return new EagleConfig(
                architecture, language, towers, mixture, projector, other, endTokens, maxLength, layout, tiling);
    }

    /// The same for prompts of another length.
    public EagleConfig withMaxLength(int other) {
        return new EagleConfig(
                architecture, language, towers, mixture, projector, aspect, endTokens, other, layout, tiling);
    }

    /// The same around another decoder.
    public EagleConfig withLanguage(LlamaConfig other) {
        return new EagleConfig(
                architecture, other, towers, mixture, projector, aspect, endTokens, maxLength, layout, tiling);
    }

    /// The same with a mixture of other sizes, or joined in another way.
    public EagleConfig withMixture(Mixture.Shape other) {
        return new EagleConfig(
                architecture, language, towers, other, projector, aspect, endTokens, maxLength, layout, tiling);
    }

    /// The same with another tower string.
    public EagleConfig withTowers(String other) {
        return new EagleConfig(
                architecture, language, other, mixture, projector, aspect, endTokens, maxLength, layout, tiling);
    }

    /// The same with pictures looked at in other tiles, or as a whole where there are none.
    public EagleConfig withTiling(Optional<TilingChoice> other) {
        return new EagleConfig(
                architecture, language, towers, mixture, projector, aspect, endTokens, maxLength, layout, other);
    }

    public static EagleConfig open(Path folder) {
        var config = ConfigReader.open(folder.resolve("config.json"));
        return new EagleConfig(
                config.json().path("architectures").path(0).asString(config.text("model_type", "unknown")),
                language(config),
                config.text("mm_vision_tower", ""),
                mixture(config),
                config.text("mm_projector_type", "linear"),
                aspect(config),
                endTokens(config, folder),
                config.size("tokenizer_model_max_length", config.size("max_position_embeddings", 2048)),
                layout(config),
                tiling(config));
    }

    private static Optional<TilingChoice> tiling(ConfigReader config) {
        if (!config.has("mm_tiling")) {
            return Optional.empty();
        }
        if (config.text("mm_vision_tower", "").isEmpty() || !layout(config).equals(Layout.EAGLE)) {
            throw config.wrong("mm_tiling", "none without a tower, or in another layout than Eagle's");
        }
        var choice = config.text("mm_tiling", "");
        try {
            return Optional.of(TilingChoice.of(choice));
        } catch (AerieException e) {
            throw config.wrong("mm_tiling", "a tiling such as internvl:6 (" + e.getMessage() + ")");
        }
    }

    private static Layout layout(ConfigReader config) {
        if (config.text("mm_vision_tower", "").contains("/")) {
            requireUsualOutput(config);
        }
        if (config.flag("is_multipath_encoder", false)) {
            int input = config.size("input_image_size", 1024);
            return new Layout.LlavaHr(
                    input,
                    convNextEpsilon(config.text("vision_tower_slow", "xxlarge")),
                    config.flag("freeze_vision", false));
        }
        if (isTiled(config)) {
            return new Layout.LlavaNext(canvases(config));
        }
        var aux = config.text("mm_vision_tower_aux", "");
        if (aux.isEmpty()) {
            return Layout.EAGLE;
        }
        if (config.size("image_grid", 1) > 1) {
            throw config.wrong("image_grid", "1: pictures in parts (Mini-Gemini HD) are not supported");
        }
        return new Layout.MiniGemini(config.size("image_size_aux", 768), convNextEpsilon(aux));
    }

    /// A CLIP alone gives its last hidden state but one, without the class token; mixtures and LLaVA-HR heed neither.
    private static void requireUsualOutput(ConfigReader config) {
        var layer = config.json().path("mm_vision_select_layer");
        if (!config.flag("is_multipath_encoder", false)
                && config.has("mm_vision_select_layer")
                && layer.asInt(0) != -2) {
            throw config.wrong("mm_vision_select_layer", "-2");
        }
        if (!config.text("mm_vision_select_feature", "patch").equals("patch")) {
            throw config.wrong("mm_vision_select_feature", "patch");
        }
    }

    private static boolean isTiled(ConfigReader config) {
        if (!config.text("image_aspect_ratio", "square").equals("anyres")) {
            return false;
        }
        if (!config.text("mm_patch_merge_type", "flat").equals("spatial_unpad")) {
            throw config.wrong("mm_patch_merge_type", "spatial_unpad, as LLaVA-NeXT joins the tiles of anyres");
        }
        return true;
    }

    /// Pairs of sizes, as a list or as the text of one.
    private static List<Size> canvases(ConfigReader config) {
        var json = config.json().path("image_grid_pinpoints");
        var canvases = new ArrayList<Size>();
        var pairs = PAIR.matcher(json.isString() ? json.stringValue() : json.toString());
        while (pairs.find()) {
            canvases.add(new Size(Integer.parseInt(pairs.group(1)), Integer.parseInt(pairs.group(2))));
        }
        if (canvases.isEmpty() || json.isArray() && json.size() != canvases.size()) {
            throw config.wrong("image_grid_pinpoints", "pairs of width and height in pixels, such as [[336, 672]]");
        }
        return canvases;
    }

    /// timm gives the largest ConvNeXt another one than the rest.
    private static double convNextEpsilon(String name) {
        return name.contains("xxlarge") ? XXLARGE_EPSILON : 1e-6;
    }

    private static Mixture.Shape mixture(ConfigReader config) {
        var inputs = new EnumMap<Experts, Integer>(Experts.class);
        if (config.has("mm_expert_inputs")) {
            var sides = config.object("mm_expert_inputs");
            for (var tower : sides.json().propertyNames()) {
                inputs.put(Experts.parse(tower).getFirst(), sides.size(tower));
            }
        }
        var published = Mixture.Shape.PUBLISHED;
        return new Mixture.Shape(
                config.size("mm_vision_input", published.input()),
                config.size("mm_vision_grid", published.grid()),
                inputs,
                fusion(config));
    }

    private static FusionChoice fusion(ConfigReader config) {
        var sizes = new TreeMap<String, Integer>();
        if (config.has("mm_fusion_sizes")) {
            var object = config.object("mm_fusion_sizes");
            for (var name : object.json().propertyNames()) {
                sizes.put(name, object.integer(name));
            }
        }
        var method = Fusions.named(config.text("mm_fusion", Fusions.CHANNEL_CONCAT.label()));
        return new FusionChoice(method, sizes);
    }

    private static LlamaConfig language(ConfigReader config) {
        var activation = config.text("hidden_act", "silu");
        if (!activation.equals("silu")) {
            throw config.wrong("hidden_act", "silu, the activation of the Llama family");
        }
        int hidden = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        int kvHeads = config.size("num_key_value_heads", heads);
        if (hidden % heads != 0 && !config.has("head_dim") || heads % kvHeads != 0) {
            throw config.wrong("num_attention_heads", "a divisor of hidden_size and a multiple of num_key_value_heads");
        }
        int headWidth = config.size("head_dim", hidden / heads);
        if (headWidth % 2 != 0) {
            throw config.wrong("hidden_size", "an even number of channels per head");
        }
        int trained = config.size("max_position_embeddings", 2048);
        var scaling = scaling(config, trained);
        return new LlamaConfig(
                hidden,
                config.size("num_hidden_layers"),
                heads,
                kvHeads,
                headWidth,
                config.size("intermediate_size"),
                config.size("vocab_size"),
                config.positive("rms_norm_eps", 1e-6),
                new Rope(headWidth, config.positive("rope_theta", 10_000), scaling),
                context(trained, scaling),
                config.flag("tie_word_embeddings", false),
                config.flag("attention_bias", false),
                config.flag("mlp_bias", false));
    }

    /// Llama 3.1 writes the stretched context into its configuration, the others the trained one.
    private static int context(int trained, Rope.Scaling scaling) {
        return switch (scaling) {
            case Rope.Scaling.Linear(double factor) -> (int) (trained * factor);
            case Rope.Scaling.Dynamic(double factor, int _) -> (int) (trained * factor);
            case Rope.Scaling.Llama3 _ -> trained;
        };
    }

    private static Rope.Scaling scaling(ConfigReader config, int maxPositions) {
        if (!config.has("rope_scaling")) {
            return Rope.Scaling.NONE;
        }
        var scaling = config.object("rope_scaling");
        double factor = scaling.positive("factor", 1);
        var kind = scaling.text("rope_type", scaling.text("type", "default"));
        return switch (kind) {
            case "default" -> Rope.Scaling.NONE;
            case "linear" -> new Rope.Scaling.Linear(factor);
            case "dynamic" -> new Rope.Scaling.Dynamic(factor, maxPositions);
            case "llama3" -> {
                double low = scaling.positive("low_freq_factor", 1);
                double high = scaling.positive("high_freq_factor", 4);
                if (low >= high) {
                    throw scaling.wrong("low_freq_factor", "less than high_freq_factor");
                }
                int original = scaling.size("original_max_position_embeddings", maxPositions);
                yield new Rope.Scaling.Llama3(factor, low, high, original);
            }
            default ->
                throw new AerieException("cannot read " + config.file() + ": rope_scaling of type '" + kind
                        + "' is not supported; expected linear, dynamic or llama3");
        };
    }

    private static Aspect aspect(ConfigReader config) {
        var aspect = config.text("image_aspect_ratio", "square");
        return switch (aspect) {
            case "pad" -> Aspect.PAD;
            case "square", "anyres" -> Aspect.SQUARE;
            case "resize" -> Aspect.RESIZE;
            default -> throw config.wrong("image_aspect_ratio", "pad, square, resize or anyres");
        };
    }

    /// An id or a list of ids; `generation_config.json` comes before `config.json`.
    private static Set<Integer> endTokens(ConfigReader config, Path folder) {
        var file = folder.resolve("generation_config.json");
        var generation = Files.exists(file) ? ConfigReader.open(file) : config;
        var source = generation.has("eos_token_id") ? generation : config;
        var ids = new LinkedHashSet<Integer>();
        var node = source.json().path("eos_token_id");
        if (node.isArray()) {
            node.forEach(id -> ids.add(endToken(source, id)));
        } else if (source.has("eos_token_id")) {
            ids.add(endToken(source, node));
        }
        return ids;
    }

    private static int endToken(ConfigReader source, JsonNode id) {
        if (!id.isInt() || id.intValue() < 0) {
            throw source.wrong("eos_token_id", "a token's id or a list of them");
        }
        return id.intValue();
    }
}
