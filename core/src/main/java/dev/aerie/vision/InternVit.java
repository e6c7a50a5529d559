package dev.aerie.vision;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.Between;
import dev.aerie.nn.Conv2d;
import dev.aerie.nn.Heads;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.Mixing;
import dev.aerie.nn.Mlp;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.PreNormBlock;
import dev.aerie.nn.RmsNorm;
import dev.aerie.nn.Stack;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;
import java.util.function.UnaryOperator;

/// InternVL's vision transformer (Chen et al. 2023, arXiv 2312.14238; the authors' names): a class token takes part,
/// each branch has a learned scale, no norm at the end; the output is the patch tokens of the last block. Input: pixels
/// `[B, 3, S, S]`, trained on ImageNet's mean and deviation, S a multiple of the patch; other grids than the trained
/// one resample the positions.
public final class InternVit implements VisionExpert {

    /// What the two families differ in.
    public enum Form {
        /// 300M: layer norms; query, key and value have biases.
        LAYER_NORM,
        /// 6B: root-mean-square norms, also of queries and keys over all heads; query, key and value have no biases.
        RMS_NORM
    }

    /// Fields as in [Clip.Size].
    public record Size(int width, int layers, int mlp, int patch, int positions, Form form) {

        /// OpenGVLab/InternViT-300M-448px
        public static final Size SMALL_448 = new Size(1024, 24, 4096, 14, 32, Form.LAYER_NORM);

        /// OpenGVLab/InternViT-6B-448px-V2_5; earlier ones have the same widths, the first one 48 layers
        public static final Size LARGE_448 = new Size(3200, 45, 12800, 14, 32, Form.RMS_NORM);

        /// The sizes of the tensors that a checkpoint holds.
        public static Size of(ParameterSource source) {
            var patch = Stored.shape(source, "embeddings.patch_embedding.weight", 4); // [C, 3, P, P]
            var positions = Stored.shape(source, "embeddings.position_embedding", 3); // [1, 1 + side², C]
            var mlp = Stored.shape(source, "encoder.layers.0.mlp.fc1.weight", 2); // [mlp, C]
            boolean normed =
                    source.stored("encoder.layers.0.attn.q_norm.weight").isPresent();
            return new Size(
                    (int) patch[0],
                    source.count("encoder.layers", "norm1.weight"),
                    (int) mlp[0],
                    (int) patch[2],
                    (int) Math.sqrt(positions[1] - 1),
                    normed ? Form.RMS_NORM : Form.LAYER_NORM);
        }

        /// Heads are 64 wide, but 128 in the 6B models.
        int heads() {
            return width == LARGE_448.width ? 25 : Stored.heads(width);
        }
    }

    private static final double EPSILON = 1e-6;
    private static final Beginning SCALE = Beginning.constant(0.1);

    private final ExpertSpec spec;
    private final Conv2d patches;
    private final ClassTokens tokens;
    private final Stack blocks;

    /// @param input side of the pictures it is asked to take, in pixels
    public InternVit(ParameterSource source, Size size, int input) {
        int width = size.width();
        spec = new ExpertSpec("internvit", input, input / size.patch(), width, size.layers());
        var embeddings = source.at("embeddings");
        patches = Conv2d.patches(embeddings.at("patch_embedding"), 3, width, size.patch());
        tokens = new ClassTokens(
                embeddings.parameter("class_embedding", 1, 1, width),
                embeddings.parameter("position_embedding", 1, 1 + (long) size.positions() * size.positions(), width),
                (table, h, w) -> new PositionGrid(table, Interpolation.BICUBIC).of(h, w));
        blocks = new Stack(source.at("encoder.layers"), size.layers(), (index, block) -> block(block, size));
    }

    private static PreNormBlock block(ParameterSource block, Size size) {
        int width = size.width();
        var mlp = block.at("mlp");
        return new PreNormBlock(
                norm(block.at("norm1"), size),
                DinoV2.scaled(block.parameter("ls1", SCALE, width), new FusedAttention(block.at("attn"), size)::apply),
                norm(block.at("norm2"), size),
                DinoV2.scaled(
                        block.parameter("ls2", SCALE, width),
                        new Mlp(
                                new Linear(mlp.at("fc1"), width, size.mlp()),
                                Functional::gelu,
                                new Linear(mlp.at("fc2"), size.mlp(), width))::apply));
    }

    private static UnaryOperator<Tensor> norm(ParameterSource source, Size size) {
        return switch (size.form()) {
            case LAYER_NORM -> new LayerNorm(source, size.width(), EPSILON)::apply;
            case RMS_NORM -> new RmsNorm(source, size.width(), EPSILON)::apply;
        };
    }

    @Override
    public ExpertSpec spec() {
        return spec;
    }

    @Override
    public FeatureMap encode(Tensor pixels, Between between) {
        var map = patches.apply(pixels); // [B, C, h, w]
        var x = tokens.of(map); // [B, 1 + h·w, C]
        between.stage("embeddings", x);
        return FeatureMap.behindClassToken(blocks.apply(x, between), map.size(2), map.size(3));
    }

    /// Attention with one layer for query, key and value.
    private static final class FusedAttention {

        private final Linear qkv;
        private final UnaryOperator<Tensor> queryNorm;
        private final UnaryOperator<Tensor> keyNorm;
        private final Linear output;
        private final int heads;

        FusedAttention(ParameterSource source, Size size) {
            int width = size.width();
            boolean normed = size.form() == Form.RMS_NORM;
            var fused = source.at("qkv");
            qkv = normed ? Linear.withoutBias(fused, width, 3L * width) : new Linear(fused, width, 3L * width);
            queryNorm = normed ? norm(source.at("q_norm"), size) : UnaryOperator.identity();
            keyNorm = normed ? norm(source.at("k_norm"), size) : UnaryOperator.identity();
            output = new Linear(source.at("proj"), width, width);
            heads = size.heads();
        }

        Tensor apply(Tensor x) {
            var parts = qkv.apply(x).reshape(x.size(0), x.size(1), 3, x.size(2)); // [B, N, 3, C]
            var q = Heads.apart(queryNorm.apply(parts.select(2, 0)), heads); // [B, N, H, D]
            var k = Heads.apart(keyNorm.apply(parts.select(2, 1)), heads);
            var v = Heads.apart(parts.select(2, 2), heads);
            return output.apply(Mixing.mix(q, k, v, 1 / Math.sqrt(q.size(3)), null));
        }
    }
}
