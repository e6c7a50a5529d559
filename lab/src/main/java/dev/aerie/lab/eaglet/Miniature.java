package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.Mixture;
import dev.aerie.image.Aspect;
import dev.aerie.lab.world.World;
import dev.aerie.language.LlamaConfig;
import dev.aerie.language.Rope;
import dev.aerie.nn.ParameterSource;
import dev.aerie.text.Tokenizer;
import dev.aerie.vision.Clip;
import dev.aerie.vision.ConvNext;
import dev.aerie.vision.DinoV2;
import dev.aerie.vision.Eva02;
import dev.aerie.vision.Experts;
import dev.aerie.vision.Pix2Struct;
import dev.aerie.vision.Sam;
import dev.aerie.vision.VisionExpert;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The sizes of the miniature: 128 pixels stand for the published 1,024, and the experts are those of `core`, only
/// smaller.
public final class Miniature {

    /// Side of the grid of visual tokens, each of which stands for 8 pixels: at most one character has its
    /// middle in it, so that reading on is attending to the next token.
    public static final int GRID = 16;

    /// The mixture of five, in the paper's order.
    public static final String X5 = "clip-448;convnext-1024;sam-1024;det-1024;pix2struct-1024";

    /// With the self-supervised expert, which adds little (§3.4 of the paper).
    public static final String X6 = X5 + ";dinov2-448";

    /// Positions of a row at most: the picture, its caption and all its questions.
    public static final int CONTEXT = 640;

    private static final Clip.Size CLIP = new Clip.Size(128, 4, 512, 8, 6);
    private static final ConvNext.Size CONVNEXT = new ConvNext.Size(List.of(1, 1, 2), List.of(48, 96, 192), 0);
    private static final Sam.Size SAM = new Sam.Size(64, 3, 256, 32, 8, 16, 14, Set.of(0, 1, 2));
    private static final Eva02.Size DET = new Eva02.Size(128, 4, 352, 16, 8, 16, 3);
    private static final DinoV2.Size DINOV2 = new DinoV2.Size(128, 3, 512, 8, GRID);
    private static final Pix2Struct.Size PIX2STRUCT = new Pix2Struct.Size(128, 4, 352, GRID + 1);

    /// CLIP is trained at 48 pixels and looks at 64, as the published one at 336 and 448.
    private static final int CLIP_TRAINED = 48;

    private static final int CLIP_INPUT = 64;

    /// Pix2Struct's patches always have 16 pixels: pictures of twice the size give it one for every visual token.
    private static final int PIX2STRUCT_INPUT = 16 * GRID;

    private static final int WIDTH = 192;
    private static final int HEADS = 3;

    private Miniature() {}

    /// The sizes of a mixture.
    public static Mixture.Shape shape() {
        var inputs = new EnumMap<Experts, Integer>(Experts.class);
        for (var kind : Experts.values()) {
            inputs.put(kind, input(kind));
        }
        return new Mixture.Shape(World.SIDE, GRID, Map.copyOf(inputs));
    }

    private static int input(Experts kind) {
        return switch (kind) {
            case CLIP -> CLIP_INPUT;
            case PIX2STRUCT -> PIX2STRUCT_INPUT;
            default -> World.SIDE;
        };
    }

    /// An expert of the miniature's size, for pictures of the size that it is trained with alone.
    public static VisionExpert expert(Experts kind, ParameterSource source) {
        return switch (kind) {
            case CLIP -> new Clip(source.at("vision_model"), CLIP, Clip.Form.MIXTURE, CLIP_TRAINED);
            case CONVNEXT -> new ConvNext(source, CONVNEXT, World.SIDE);
            case SAM -> new Sam(source, SAM);
            case DET -> new Eva02(source, DET, World.SIDE);
            case PIX2STRUCT -> new Pix2Struct(source, PIX2STRUCT, PIX2STRUCT_INPUT);
            case DINOV2 -> new DinoV2(source, DINOV2, World.SIDE);
            default -> throw unknown(kind);
        };
    }

    static AerieException unknown(Experts kind) {
        return new AerieException("the miniature has no " + kind.tower() + "; expected some of " + X6);
    }

    /// @throws AerieException if there is no such expert in the miniature
    static void require(Experts kind) {
        if (!Experts.parse(X6).contains(kind)) {
            throw unknown(kind);
        }
    }

    /// The decoder alone, with what a mixture around it looks like.
    public static EagleConfig decoder(Tokenizer tokenizer) {
        return new EagleConfig(
                "LlamaForCausalLM",
                language(tokenizer.size()),
                "",
                shape(),
                "identity",
                Aspect.PAD,
                tokenizer.eos().stream().boxed().collect(Collectors.toSet()),
                CONTEXT);
    }

    /// The decoder's sizes.
    ///
    /// @param vocabulary number of tokens
    public static LlamaConfig language(int vocabulary) {
        return new LlamaConfig(
                WIDTH,
                4,
                HEADS,
                HEADS,
                WIDTH / HEADS,
                512,
                vocabulary,
                1e-5,
                new Rope(WIDTH / HEADS, 10_000, Rope.Scaling.NONE),
                CONTEXT,
                true,
                false,
                false);
    }
}
