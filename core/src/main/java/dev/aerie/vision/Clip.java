package dev.aerie.vision;

import dev.aerie.nn.Attention;
import dev.aerie.nn.Between;
import dev.aerie.nn.Conv2d;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.Mlp;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.PreNormBlock;
import dev.aerie.nn.Stack;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import java.util.List;

/// CLIP's vision transformer (`transformers` names below `vision_model`). Input: pixels `[B, 3, S, S]` normalised with
/// CLIP's mean and deviation, S a multiple of the patch; other grids than the trained one resample the positions.
public final class Clip implements VisionExpert {

    /// @param width    channels; heads are 64 wide
    /// @param mlp      hidden width of the MLP
    /// @param patch    side of a patch in pixels
    /// @param positions side of the trained position grid
    public record Size(int width, int layers, int mlp, int patch, int positions) {

        /// openai/clip-vit-large-patch14-336
        public static final Size LARGE_336 = new Size(1024, 24, 4096, 14, 24);

        /// Side of the pictures that it was trained with.
        public int pixels() {
            return patch * positions;
        }

        /// Of what a checkpoint holds; where nothing is stored, those of the largest.
        public static Size orLarge(ParameterSource vision) {
            return vision.isStored() ? of(vision) : LARGE_336;
        }

        /// The sizes of the tensors that a checkpoint holds.
        public static Size of(ParameterSource vision) {
            var patch = Stored.shape(vision, "embeddings.patch_embedding.weight", 4); // [C, 3, P, P]
            var positions = Stored.shape(vision, "embeddings.position_embedding.weight", 2); // [1 + side², C]
            var mlp = Stored.shape(vision, "encoder.layers.0.mlp.fc1.weight", 2); // [mlp, C]
            return new Size(
                    (int) patch[0],
                    vision.count("encoder.layers", "layer_norm1.weight"),
                    (int) mlp[0],
                    (int) patch[2],
                    (int) Math.sqrt(positions[0] - 1));
        }
    }

    /// Which hidden state is the output, and whether the class token takes part.
    public enum Form {
        /// Eagle's mixture (§4.1): the class token is dropped before the first norm, all layers are used.
        MIXTURE,
        /// LLaVA-1.5: the class token takes part and is dropped from the output of the last layer but one.
        LLAVA
    }

    private static final double EPSILON = 1e-5;

    private final ExpertSpec spec;
    private final Form form;
    private final Tensor classToken;
    private final Conv2d patches;
    private final Tensor positions;
    private final LayerNorm first;
    private final Stack blocks;

    /// @param input side of the pictures it is asked to take, in pixels
    public Clip(ParameterSource vision, Size size, Form form, int input) {
        int width = size.width();
        spec = new ExpertSpec("clip", input, input / size.patch(), width, size.layers() - (form == Form.LLAVA ? 1 : 0));
        this.form = form;
        var embeddings = vision.at("embeddings");
        classToken = embeddings.parameter("class_embedding", width);
        patches = Conv2d.patchesWithoutBias(embeddings.at("patch_embedding"), 3, width, size.patch());
        positions = embeddings.parameter(
                "position_embedding.weight", 1 + (long) size.positions() * size.positions(), width);
        first = new LayerNorm(vision.at("pre_layrnorm"), width, EPSILON);
        blocks = new Stack(
                vision.at("encoder.layers"),
                size.layers(),
                (index, block) -> block(block, width, Stored.heads(width), size.mlp(), EPSILON, Functional::quickGelu));
        vision.unused("post_layernorm.weight", width);
        vision.unused("post_layernorm.bias", width);
    }

    /// The block that CLIP and SigLIP share.
    static PreNormBlock block(
            ParameterSource block,
            int width,
            int heads,
            int hidden,
            double epsilon,
            java.util.function.UnaryOperator<Tensor> activation) {
        var attention = block.at("self_attn");
        var mlp = block.at("mlp");
        return new PreNormBlock(
                new LayerNorm(block.at("layer_norm1"), width, epsilon)::apply,
                new Attention(
                        new Linear(attention.at("q_proj"), width, width),
                        new Linear(attention.at("k_proj"), width, width),
                        new Linear(attention.at("v_proj"), width, width),
                        new Linear(attention.at("out_proj"), width, width),
                        heads,
                        1 / Math.sqrt((double) width / heads))::apply,
                new LayerNorm(block.at("layer_norm2"), width, epsilon)::apply,
                new Mlp(new Linear(mlp.at("fc1"), width, hidden), activation, new Linear(mlp.at("fc2"), hidden, width))
                        ::apply);
    }

    @Override
    public ExpertSpec spec() {
        return spec;
    }

    @Override
    public FeatureMap encode(Tensor pixels, Between between) {
        var map = patches.apply(pixels); // [B, C, h, w]
        long h = map.size(2);
        long w = map.size(3);
        var table = positions.to(pixels.dtype()); // [1 + side², C]
        var grid = new PositionGrid(table.narrow(0, 1, table.size(0) - 1), Interpolation.BICUBIC_ANTIALIAS);
        var tokens = map.flatten(2).transpose(1, 2).plus(grid.of(h, w)); // [B, h·w, C]
        between.stage("patch_embedding", tokens);
        if (form == Form.MIXTURE) {
            var normed = first.apply(tokens);
            between.stage("pre_norm", normed);
            return new FeatureMap(blocks.apply(normed, between), h, w);
        }
        var classRow = classToken.to(pixels.dtype()).plus(table.select(0, 0)); // [C]
        var withClass = Tensors.cat(List.of(classRow.expand(tokens.size(0), 1, -1), tokens), 1); // [B, 1 + h·w, C]
        var normed = first.apply(withClass);
        between.stage("pre_norm", normed);
        var hidden = blocks.apply(normed, blocks.size() - 1, between);
        return new FeatureMap(hidden.narrow(1, 1, h * w), h, w);
    }
}
