package dev.aerie.vision;

import dev.aerie.AerieException;
import dev.aerie.nn.Between;
import dev.aerie.nn.Conv2d;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.PreNormBlock;
import dev.aerie.nn.Renamed;
import dev.aerie.nn.Stack;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;

/// EVA-CLIP's vision transformer (Sun et al. 2023, arXiv 2303.15389; the authors' names below `visual`): EVA-02's
/// blocks, all of them global, with a norm inside attention as well, a class token, and a norm at the end; the output
/// is the patch tokens. Input: pixels `[B, 3, S, S]` normalised with CLIP's mean and deviation, S a multiple of the
/// patch; other grids than the trained one resample the learned positions and stretch the rotary ones.
public final class EvaClip implements VisionExpert {

    /// @param mlp        hidden width of the SwiGLU
    /// @param positions  side of the trained position grid
    /// @param projection outputs of the layer that leads to the words' space, which nothing uses here; 0 for none
    public record Size(int width, int layers, int mlp, int patch, int positions, int projection) {

        /// EVA02-CLIP-L/14-336: `QuanSun/EVA-CLIP`, timm's `eva02_large_patch14_clip_336`
        public static final Size LARGE_336 = new Size(1024, 24, 2730, 14, 24, 768);

        /// The sizes of the tensors that a checkpoint holds.
        public static Size of(ParameterSource source) {
            var patch = Stored.shape(source, "patch_embed.proj.weight", 4); // [C, 3, P, P]
            var positions = Stored.shape(source, "pos_embed", 3); // [1, 1 + side², C]
            return new Size(
                    (int) patch[0],
                    source.count("blocks", "norm1.weight"),
                    (int) Stored.shape(source, "blocks.0.mlp.w1.weight", 2)[0],
                    (int) patch[2],
                    (int) Math.sqrt(positions[1] - 1),
                    source.stored("head.bias").map(shape -> (int) shape[0]).orElse(0));
        }
    }

    private static final double EPSILON = 1e-6;

    /// Side of the grid that the rotary positions were trained on, at 224 pixels; stretched from there at any other.
    private static final int TRAINED = 16;

    private final ExpertSpec spec;
    private final Conv2d patches;
    private final ClassTokens tokens;
    private final Stack blocks;
    private final LayerNorm last;

    /// @param input side of the pictures it is asked to take, in pixels
    public EvaClip(ParameterSource source, Size size, int input) {
        int width = size.width();
        spec = new ExpertSpec("eva-clip", input, input / size.patch(), width, size.layers());
        patches = Conv2d.patches(source.at("patch_embed.proj"), 3, width, size.patch());
        tokens = new ClassTokens(
                source.parameter("cls_token", 1, 1, width),
                source.parameter("pos_embed", 1, 1 + (long) size.positions() * size.positions(), width),
                (table, h, w) -> new PositionGrid(table, Interpolation.BICUBIC_ANTIALIAS).of(h, w));
        RotaryAttention.tables(source, "rope", spec.grid());
        blocks = new Stack(source.at("blocks"), size.layers(), (index, block) -> block(block, size, spec.grid()));
        last = new LayerNorm(source.at("norm"), width, EPSILON);
        if (size.projection() > 0) {
            source.unused("head.weight", size.projection(), width);
            source.unused("head.bias", size.projection());
        }
    }

    private static PreNormBlock block(ParameterSource block, Size size, int grid) {
        int width = size.width();
        var attention = block.at("attn");
        RotaryAttention.tables(attention, "rope", grid);
        var inner = new LayerNorm(attention.at("inner_attn_ln"), width, EPSILON);
        return new PreNormBlock(
                new LayerNorm(block.at("norm1"), width, EPSILON)::apply,
                new RotaryAttention(attention, width, TRAINED, 1, inner::apply)::apply,
                new LayerNorm(block.at("norm2"), width, EPSILON)::apply,
                Eva02.swiGlu(block.at("mlp"), width, size.mlp()));
    }

    /// A checkpoint under the authors' names, also where it has timm's, as OpenCLIP's files do.
    public static ParameterSource named(ParameterSource source) {
        return source.stored("blocks.0.attn.q_proj.bias").isPresent() ? new Renamed(source, EvaClip::timm) : source;
    }

    private static String timm(String name) {
        return name.replace("attn.q_bias", "attn.q_proj.bias")
                .replace("attn.v_bias", "attn.v_proj.bias")
                .replace("attn.inner_attn_ln", "attn.norm")
                .replace("mlp.w1.", "mlp.fc1_g.")
                .replace("mlp.w2.", "mlp.fc1_x.")
                .replace("mlp.ffn_ln", "mlp.norm")
                .replace("mlp.w3.", "mlp.fc2.");
    }

    @Override
    public ExpertSpec spec() {
        return spec;
    }

    @Override
    public FeatureMap encode(Tensor pixels, Between between) {
        if (pixels.size(2) != pixels.size(3)) {
            throw new AerieException("cannot encode pictures of " + pixels.size(2) + " x " + pixels.size(3)
                    + " pixels by EVA-CLIP, whose rotary positions need a square; pad them");
        }
        var map = patches.apply(pixels); // [B, C, h, w]
        var x = tokens.of(map); // [B, 1 + h·w, C]
        between.stage("embeddings", x);
        var features = last.apply(blocks.apply(x, between));
        return FeatureMap.behindClassToken(features, map.size(2), map.size(3));
    }
}
