package dev.aerie.vision;

import dev.aerie.nn.Between;
import dev.aerie.nn.Conv2d;
import dev.aerie.nn.Heads;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.Mlp;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.Stack;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;

/// SigLIP's vision transformer (`transformers` names below `vision_model`): no class token, a norm at the end, and a
/// pooling head. Input: pixels `[B, 3, S, S]` with mean and deviation 0.5.
public final class SigLip implements VisionExpert {

    /// Fields as in [Clip.Size].
    public record Size(int width, int layers, int mlp, int patch, int positions) {

        /// google/siglip-so400m-patch14-384
        public static final Size SO400M_384 = new Size(1152, 27, 4304, 14, 27);

        public static Size of(ParameterSource vision) {
            var patch = Stored.shape(vision, "embeddings.patch_embedding.weight", 4); // [C, 3, P, P]
            var positions = Stored.shape(vision, "embeddings.position_embedding.weight", 2); // [side², C]
            var mlp = Stored.shape(vision, "encoder.layers.0.mlp.fc1.weight", 2); // [mlp, C]
            return new Size(
                    (int) patch[0],
                    vision.count("encoder.layers", "layer_norm1.weight"),
                    (int) mlp[0],
                    (int) patch[2],
                    (int) Math.sqrt(positions[0]));
        }

        /// Heads are 64 wide, but 72 in the so400m models.
        int heads() {
            return width == SO400M_384.width ? 16 : Stored.heads(width);
        }
    }

    private static final double EPSILON = 1e-6;

    private final ExpertSpec spec;
    private final Conv2d patches;
    private final Tensor positions;
    private final Stack blocks;
    private final LayerNorm last;
    private final PoolingHead head;

    public SigLip(ParameterSource vision, Size size, int input) {
        int width = size.width();
        spec = new ExpertSpec("siglip", input, input / size.patch(), width, size.layers());
        var embeddings = vision.at("embeddings");
        patches = Conv2d.patches(embeddings.at("patch_embedding"), 3, width, size.patch());
        positions =
                embeddings.parameter("position_embedding.weight", (long) size.positions() * size.positions(), width);
        blocks = new Stack(
                vision.at("encoder.layers"),
                size.layers(),
                (index, block) -> Clip.block(block, width, size.heads(), size.mlp(), EPSILON, Functional::geluTanh));
        last = new LayerNorm(vision.at("post_layernorm"), width, EPSILON);
        head = new PoolingHead(vision.at("head"), width, size.heads(), size.mlp());
    }

    @Override
    public ExpertSpec spec() {
        return spec;
    }

    @Override
    public FeatureMap encode(Tensor pixels, Between between) {
        var map = patches.apply(pixels); // [B, C, h, w]
        var grid = new PositionGrid(positions.to(pixels.dtype()), Interpolation.BICUBIC);
        var tokens = map.flatten(2).transpose(1, 2).plus(grid.of(map.size(2), map.size(3))); // [B, N, C]
        between.stage("embeddings", tokens);
        return new FeatureMap(last.apply(blocks.apply(tokens, between)), map.size(2), map.size(3));
    }

    /// One vector per picture, `[B, C]`, as used against SigLIP's text tower.
    public Tensor pool(FeatureMap features) {
        return head.apply(features.tokens());
    }

    /// A learned query attends to all tokens; then an MLP with a residual.
    private static final class PoolingHead {

        private final Tensor probe;
        private final Tensor projections;
        private final Tensor biases;
        private final Linear output;
        private final LayerNorm norm;
        private final Mlp mlp;
        private final int width;
        private final int heads;

        PoolingHead(ParameterSource head, int width, int heads, int hidden) {
            this.width = width;
            this.heads = heads;
            probe = head.parameter("probe", 1, 1, width);
            projections = head.parameter("attention.in_proj_weight", 3L * width, width); // rows: query, key, value
            biases = head.parameter("attention.in_proj_bias", 3L * width);
            output = new Linear(head.at("attention.out_proj"), width, width);
            norm = new LayerNorm(head.at("layernorm"), width, EPSILON);
            mlp = new Mlp(
                    new Linear(head.at("mlp.fc1"), width, hidden),
                    Functional::geluTanh,
                    new Linear(head.at("mlp.fc2"), hidden, width));
        }

        Tensor apply(Tensor tokens) {
            var query = project(0, probe.to(tokens.dtype()).expand(tokens.size(0), 1, -1)); // [B, H, 1, D]
            var pooled = Functional.attention(
                    query, project(1, tokens), project(2, tokens), null, false, Math.sqrt((double) heads / width));
            var x = output.apply(Heads.join(pooled)); // [B, 1, C]
            return x.plus(mlp.apply(norm.apply(x))).select(1, 0);
        }

        private Tensor project(int part, Tensor x) {
            long start = (long) part * width;
            var linear = Linear.of(projections.narrow(0, start, width), biases.narrow(0, start, width));
            return Heads.split(linear.apply(x), heads);
        }
    }
}
