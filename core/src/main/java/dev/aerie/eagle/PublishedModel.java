package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.image.Aspect;
import dev.aerie.language.LlamaConfig;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// The released models by name and size (Eagle §1.2).
public enum PublishedModel {
    EAGLE_X4_7B(Towers.X4, LlamaConfig.VICUNA_7B, 2),
    EAGLE_X4_13B(Towers.X4, LlamaConfig.VICUNA_13B, 2),
    EAGLE_X4_8B_PLUS(Towers.X4, LlamaConfig.LLAMA3_8B, 128009),
    EAGLE_X4_13B_PLUS(Towers.X4, LlamaConfig.VICUNA_13B, 2),
    EAGLE_X5_7B(Towers.X5, LlamaConfig.VICUNA_7B, 2),
    EAGLE_X5_13B(Towers.X5, LlamaConfig.VICUNA_13B, 2),
    EAGLE_X5_34B_PLUS(Towers.X5, LlamaConfig.YI_34B, 7),
    LLAVA_1_5_7B("openai/clip-vit-large-patch14-336", LlamaConfig.VICUNA_7B, 2),
    LLAVA_1_5_13B("openai/clip-vit-large-patch14-336", LlamaConfig.VICUNA_13B, 2);

    private static final class Towers {
        static final String X4 = "clip-448;convnext-1024;det-1024;pix2struct-1024";
        static final String X5 = "clip-448;convnext-1024;sam-1024;det-1024;pix2struct-1024";
    }

    private static final int MAX_LENGTH = 2048;

    private final EagleConfig config;

    PublishedModel(String towers, LlamaConfig language, int endToken) {
        config = new EagleConfig(
                towers.contains("/") ? "LlavaLlamaForCausalLM" : "EagleLlamaForCausalLM",
                language,
                towers,
                Mixture.Shape.PUBLISHED,
                "mlp2x_gelu",
                Aspect.PAD,
                Set.of(endToken),
                MAX_LENGTH);
    }

    public EagleConfig config() {
        return config;
    }

    /// Its name on the command line, such as `eagle-x5-7b`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-').replace("1-5", "1.5");
    }

    public static PublishedModel named(String label) {
        return Arrays.stream(values())
                .filter(model -> model.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new AerieException("unknown shape '" + label + "': known are "
                        + Arrays.stream(values()).map(PublishedModel::label).collect(Collectors.joining(", "))));
    }
}
