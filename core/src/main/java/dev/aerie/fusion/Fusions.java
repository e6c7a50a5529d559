package dev.aerie.fusion;

import dev.aerie.AerieException;
import dev.aerie.nn.ParameterSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The registry: what a name such as `mini-gemini` in a configuration (`mm_fusion`) or a recipe stands
/// for. A new method is a file, a constant here and the beginnings of its tensors' names.
public enum Fusions {
    CHANNEL_CONCAT(
            "channel-concat",
            ChannelConcat.SIZES,
            (_, setting, choice) ->
                    new ChannelConcat(setting.experts(), setting.grid(), choice.size("pool"), choice.size("shuffle"))),
    SEQUENCE_APPEND("sequence-append", Map.of(), (model, setting, _) -> new SequenceAppend(model, setting)),
    SUM(
            "sum",
            Map.of("width", 1024),
            (model, setting, choice) -> new WeightedSum(model, setting, choice.size("width"))),
    LLAVA_HR(
            "llava-hr",
            LlavaHr.SIZES,
            (model, setting, choice) -> new LlavaHr(model, setting, choice, ResolutionAdapter.Gate.SCALAR)),
    LLAVA_HR_CHANNEL(
            "llava-hr-channel-gate",
            LlavaHr.SIZES,
            (model, setting, choice) -> new LlavaHr(model, setting, choice, ResolutionAdapter.Gate.CHANNEL)),
    MINI_GEMINI("mini-gemini", Map.of(), (model, setting, _) -> new MiniGemini(model, setting)),
    DEFORMABLE(
            "deformable",
            Map.of("heads", 16, "points", 4),
            (model, setting, choice) ->
                    new DeformableMining(model, setting, choice.size("heads"), choice.size("points"))),
    SVA(
            "sva",
            Cambrian.SIZES,
            (model, setting, choice) -> new Cambrian(model, setting, choice, SpatialAggregator.Kind.JOINT)),
    SVA_SEPARATE(
            "sva-separate",
            Cambrian.SIZES,
            (model, setting, choice) -> new Cambrian(model, setting, choice, SpatialAggregator.Kind.SEPARATE)),
    Q_FORMER("q-former", Resampling.Q_FORMER, Resampling::qFormer),
    PERCEIVER("perceiver", Resampling.PERCEIVER, Resampling::perceiver),
    FLAMINGO("flamingo", Flamingo.SIZES, Flamingo::new),
    MOVA("mova", Mova.SIZES, Mova::new);

    /// Makes a fusion from its parameters.
    @FunctionalInterface
    interface Maker {

        /// @param model at the names `model.…` of the checkpoint
        Fusion make(ParameterSource model, FusionSetting setting, FusionChoice choice);
    }

    /// The beginnings of the names of all tensors that a fusion or a projector owns.
    private static final List<String> NAMES = List.of(
            "model.mm_projector",
            "model.vision_tower.align_stages",
            "model.vlm_uni_",
            "model.vision_sampler",
            "model.vision_query",
            "model.qformer.",
            "model.query_tokens",
            "model.perceiver_resampler.",
            "model.gated_cross_attn_layers.",
            "model.picture_token",
            "model.image_",
            "model.mov_adapter.",
            "model.expert_");

    private final String label;
    private final Map<String, Integer> sizes;
    private final Maker maker;

    Fusions(String label, Map<String, Integer> sizes, Maker maker) {
        this.label = label;
        this.sizes = new TreeMap<>(sizes);
        this.maker = maker;
    }

    /// Its name in configurations.
    public String label() {
        return label;
    }

    /// The sizes that can be chosen, with the usual ones.
    public Map<String, Integer> sizes() {
        return Map.copyOf(sizes);
    }

    /// Whether a size of 0 means that a part is left out.
    boolean mayBeZero(String size) {
        return switch (this) {
            case SVA, SVA_SEPARATE -> size.equals("every");
            case LLAVA_HR, LLAVA_HR_CHANNEL -> true;
            default -> false;
        };
    }

    /// Whether the tokens are a map of the picture, on the mixture's grid, and all that becomes of it.
    public boolean isMap() {
        return switch (this) {
            case CHANNEL_CONCAT, SUM, LLAVA_HR, LLAVA_HR_CHANNEL, MINI_GEMINI, DEFORMABLE, MOVA -> true;
            case SEQUENCE_APPEND, SVA, SVA_SEPARATE, Q_FORMER, PERCEIVER, FLAMINGO -> false;
        };
    }

    /// Whether it has a projector, `model.mm_projector`: Flamingo's layers of cross-attention take
    /// tokens of any width.
    public boolean hasProjector() {
        return this != FLAMINGO;
    }

    /// Whether a tensor belongs to one of LLaVA-HR's adapters, which lie between the first expert's blocks.
    public static boolean isAdapter(String tensor) {
        return tensor.startsWith("model.vision_tower.align_stages_latent.");
    }

    /// Whether a tensor belongs to a fusion or a projector.
    public static boolean owns(String tensor) {
        return NAMES.stream().anyMatch(tensor::startsWith);
    }

    public static Fusions named(String label) {
        return Arrays.stream(values())
                .filter(method -> method.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new AerieException("unknown fusion '" + label + "': known are "
                        + Arrays.stream(values()).map(Fusions::label).collect(Collectors.joining(", "))));
    }

    /// @param model at the names `model.…` of the checkpoint
    public static Fusion make(ParameterSource model, FusionSetting setting, FusionChoice choice) {
        return choice.method().maker.make(model, setting, choice);
    }
}
