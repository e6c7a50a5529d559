package dev.aerie.vision;

import dev.aerie.nn.Attention;
import dev.aerie.nn.Between;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.PreNormBlock;
import dev.aerie.nn.RmsNorm;
import dev.aerie.nn.Stack;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import java.util.function.UnaryOperator;

/// Pix2Struct's image encoder as the mixture uses it (Eagle §4.6): the picture becomes 45 × 45 patches of 16 ×
/// 16 pixels ([PatchSequence]), each with a row and a column number; T5-style blocks without biases and without
/// logit scaling; a final norm. Input: pixels `[B, 3, S, S]` normalised with CLIP's mean and deviation.
///
/// The reference pads the sequence to 2048 with masked patches. They influence nothing, so none are made here.
public final class Pix2Struct implements VisionExpert {

    /// @param mlp    hidden width of the gated MLP
    /// @param places how many row and column numbers there are
    public record Size(int width, int layers, int mlp, int places) {

        /// google/pix2struct-large
        public static final Size LARGE = new Size(1536, 18, 3968, 4096);

        public static Size of(ParameterSource source) {
            var projection = Stored.shape(source, "embeddings.patch_projection.weight", 2); // [C, 768]
            return new Size(
                    (int) projection[0],
                    source.count("encoder.layer", "mlp.wo.weight"),
                    (int) Stored.shape(source, "encoder.layer.0.mlp.wi_0.weight", 2)[0],
                    (int) Stored.shape(source, "embeddings.row_embedder.weight", 2)[0]);
        }

        /// The most patches of a picture: the published number, or as many as a square of all places has. Place 0 is
        /// that of padding.
        public int patches() {
            return (int) Math.min(PatchSequence.MOST_PATCHES, (places - 1L) * (places - 1L));
        }
    }

    private static final double EPSILON = 1e-6;

    private final ExpertSpec spec;
    private final int patches;
    private final Linear projection;
    private final Tensor rows;
    private final Tensor columns;
    private final Stack blocks;
    private final RmsNorm last;

    /// @param input side of the pictures it is asked to take, in pixels
    public Pix2Struct(ParameterSource source, Size size, int input) {
        int width = size.width();
        spec = new ExpertSpec(
                "pix2struct",
                input,
                PatchSequence.of(input, input, size.patches()).rows(),
                width,
                size.layers());
        patches = size.patches();
        var embeddings = source.at("embeddings");
        projection = new Linear(embeddings.at("patch_projection"), PatchSequence.VALUES, width);
        rows = embeddings.parameter("row_embedder.weight", size.places(), width);
        columns = embeddings.parameter("column_embedder.weight", size.places(), width);
        blocks =
                new Stack(source.at("encoder.layer"), size.layers(), (index, block) -> block(block, width, size.mlp()));
        last = new RmsNorm(source.at("layernorm"), width, EPSILON);
    }

    private static PreNormBlock block(ParameterSource block, int width, int hidden) {
        var attention = block.at("attention");
        return new PreNormBlock(
                new RmsNorm(block.at("pre_attention_layer_norm"), width, EPSILON)::apply,
                new Attention(
                        Linear.withoutBias(attention.at("query"), width, width),
                        Linear.withoutBias(attention.at("key"), width, width),
                        Linear.withoutBias(attention.at("value"), width, width),
                        Linear.withoutBias(attention.at("output"), width, width),
                        Stored.heads(width),
                        1)::apply,
                new RmsNorm(block.at("pre_mlp_layer_norm"), width, EPSILON)::apply,
                gated(block.at("mlp"), width, hidden));
    }

    /// `wo(gelu(wi_0 x) · wi_1 x)`
    private static UnaryOperator<Tensor> gated(ParameterSource mlp, int width, int hidden) {
        var gate = Linear.withoutBias(mlp.at("wi_0"), width, hidden);
        var up = Linear.withoutBias(mlp.at("wi_1"), width, hidden);
        var down = Linear.withoutBias(mlp.at("wo"), hidden, width);
        return x -> down.apply(Functional.gate(Functional.geluTanh(gate.apply(x)), up.apply(x)));
    }

    @Override
    public ExpertSpec spec() {
        return spec;
    }

    @Override
    public FeatureMap encode(Tensor pixels, Between between) {
        var sequence = PatchSequence.of(pixels.size(2), pixels.size(3), patches);
        var cut = sequence.cut(pixels).to(pixels.dtype()); // [B, rows·columns, 768]
        var x = projection
                .apply(cut)
                .plus(Functional.embedding(sequence.rowNumbers(), rows).to(pixels.dtype()))
                .plus(Functional.embedding(sequence.columnNumbers(), columns).to(pixels.dtype())); // [B, N, C]
        between.stage("embeddings", x);
        var features = last.apply(blocks.apply(x, between));
        return new FeatureMap(features, sequence.rows(), sequence.columns());
    }
}
