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
import java.util.function.UnaryOperator;

/// DINOv2's vision transformer (`transformers` names): a class token takes part, each branch has a learned
/// scale, a norm at the end; the output is the patch tokens. Input: pixels `[B, 3, S, S]`, S a multiple of the
/// patch.
public final class DinoV2 implements VisionExpert {

    /// Fields as in [Clip.Size].
    public record Size(int width, int layers, int mlp, int patch, int positions) {

        /// facebook/dinov2-large
        public static final Size LARGE = new Size(1024, 24, 4096, 14, 37);

        public static Size of(ParameterSource source) {
            var patch = Stored.shape(source, "embeddings.patch_embeddings.projection.weight", 4); // [C, 3, P, P]
            var positions = Stored.shape(source, "embeddings.position_embeddings", 3); // [1, 1 + side², C]
            var mlp = Stored.shape(source, "encoder.layer.0.mlp.fc1.weight", 2); // [mlp, C]
            return new Size(
                    (int) patch[0], source.count("encoder.layer", "norm1.weight"), (int) mlp[0], (int) patch[2], (int)
                            Math.sqrt(positions[1] - 1));
        }
    }

    private static final double EPSILON = 1e-6;

    private final ExpertSpec spec;
    private final Conv2d patches;
    private final ClassTokens tokens;
    private final Stack blocks;
    private final LayerNorm last;

    public DinoV2(ParameterSource source, Size size, int input) {
        int width = size.width();
        spec = new ExpertSpec("dinov2", input, input / size.patch(), width, size.layers());
        var embeddings = source.at("embeddings");
        embeddings.unused("mask_token", 1, width);
        patches = Conv2d.patches(embeddings.at("patch_embeddings.projection"), 3, width, size.patch());
        tokens = new ClassTokens(
                embeddings.parameter("cls_token", 1, 1, width),
                embeddings.parameter("position_embeddings", 1, 1 + (long) size.positions() * size.positions(), width),
                DinoV2::grid);
        blocks =
                new Stack(source.at("encoder.layer"), size.layers(), (index, block) -> block(block, width, size.mlp()));
        last = new LayerNorm(source.at("layernorm"), width, EPSILON);
    }

    private static PreNormBlock block(ParameterSource block, int width, int hidden) {
        var attention = block.at("attention");
        var projections = attention.at("attention");
        var mlp = block.at("mlp");
        return new PreNormBlock(
                new LayerNorm(block.at("norm1"), width, EPSILON)::apply,
                scaled(
                        block.parameter("layer_scale1.lambda1", width),
                        new Attention(
                                new Linear(projections.at("query"), width, width),
                                new Linear(projections.at("key"), width, width),
                                new Linear(projections.at("value"), width, width),
                                new Linear(attention.at("output.dense"), width, width),
                                Stored.heads(width),
                                1 / Math.sqrt(64))::apply),
                new LayerNorm(block.at("norm2"), width, EPSILON)::apply,
                scaled(
                        block.parameter("layer_scale2.lambda1", width),
                        new Mlp(
                                new Linear(mlp.at("fc1"), width, hidden),
                                Functional::gelu,
                                new Linear(mlp.at("fc2"), hidden, width))::apply));
    }

    /// A branch with a learned scale for each channel.
    static UnaryOperator<Tensor> scaled(Tensor scale, UnaryOperator<Tensor> branch) {
        return x -> branch.apply(x).times(scale.to(x.dtype()));
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
        var features = last.apply(blocks.apply(x, between));
        between.stage("class_token", features.select(1, 0));
        return FeatureMap.behindClassToken(features, map.size(2), map.size(3));
    }

    /// The reference resamples by the factor (h + 0.1) / side and not by h / side, which shifts the samples a little.
    private static Tensor grid(Tensor table, long h, long w) {
        long side = Math.round(Math.sqrt(table.size(0)));
        if (h == side && w == side) {
            return table;
        }
        var grid = table.transpose(0, 1).reshape(1, table.size(1), side, side); // [1, C, side, side]
        return Interpolation.bicubicByFactor(grid, h, w, (h + 0.1) / side, (w + 0.1) / side)
                .flatten(2)
                .squeeze(0)
                .transpose(0, 1);
    }
}
