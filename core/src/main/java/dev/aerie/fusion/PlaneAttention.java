package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.Heads;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.Mixing;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.PlaneRope;

/// Attention between two maps of one grid as EVA-02 has it: queries and keys are turned by their places, and a norm
/// stands before the last layer, which begins with zeros.
final class PlaneAttention {

    private static final double EPSILON = 1e-5;

    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final LayerNorm inner;
    private final Linear output;
    private final PlaneRope rope;
    private final int heads;
    private final int width;
    private final int from;

    /// @param width of the queries
    /// @param from  channels of what is looked at
    /// @param side  of the grid
    PlaneAttention(ParameterSource source, int width, int from, int heads, int side) {
        query = Linear.withoutBias(source.at("q_proj"), width, width);
        key = Linear.withoutBias(source.at("k_proj"), from, width);
        value = Linear.withoutBias(source.at("v_proj"), from, width);
        inner = new LayerNorm(source.at("inner_attn_ln"), width, EPSILON);
        output = new Linear(source.at("proj").beginning(Beginning.ZEROS), width, width);
        rope = new PlaneRope(side, side, width / heads);
        this.heads = heads;
        this.width = width;
        this.from = from;
    }

    /// Operations of one look.
    double flops(double tokens) {
        return 4 * tokens * width * ((double) width + from) + CrossAttention.flops(tokens, tokens, width);
    }

    /// `[B, N, width]` over `[B, N, from]` to `[B, N, width]`
    Tensor apply(Tensor x, Tensor at) {
        var angles = rope.angles(0);
        var q = PlaneRope.rotate(Heads.apart(query.apply(x), heads), angles); // [B, N, H, D]
        var k = PlaneRope.rotate(Heads.apart(key.apply(at), heads), angles);
        var mixed = Mixing.mix(q, k, Heads.apart(value.apply(at), heads), 1 / Math.sqrt((double) width / heads), null);
        return output.apply(inner.apply(mixed.to(x.dtype())));
    }
}
