package dev.aerie.vision;

import dev.aerie.nn.Heads;
import dev.aerie.nn.Linear;
import dev.aerie.nn.Mixing;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import java.util.function.UnaryOperator;

/// EVA-02's attention: queries and keys are turned by their place on a square map, keys have no bias (authors' names).
final class RotaryAttention {

    private static final int HEAD = 64;

    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final UnaryOperator<Tensor> inner;
    private final Linear output;
    private final int trained;
    private final int before;
    private final int heads;

    /// @param trained side of the map at which places step by 1
    /// @param before  tokens before those of the map, which have no place
    /// @param inner   what happens to `[B, N, C]` between attention and the output layer
    RotaryAttention(ParameterSource source, int width, int trained, int before, UnaryOperator<Tensor> inner) {
        var queryBias = source.parameter("q_bias", width);
        var valueBias = source.parameter("v_bias", width);
        query = Linear.named(source, "q_proj.weight", queryBias, width, width);
        key = Linear.withoutBias(source.at("k_proj"), width, width);
        value = Linear.named(source, "v_proj.weight", valueBias, width, width);
        output = new Linear(source.at("proj"), width, width);
        heads = Stored.heads(width);
        this.inner = inner;
        this.trained = trained;
        this.before = before;
    }

    /// Says that checkpoints may hold the tables of a map of this side, as `NAME.freqs_cos` and `NAME.freqs_sin`.
    static void tables(ParameterSource source, String name, int side) {
        source.buffer(name + ".freqs_cos", (long) side * side, HEAD);
        source.buffer(name + ".freqs_sin", (long) side * side, HEAD);
    }

    /// `[B, …, C]` to the same: a map `[B, S, S, C]`, or tokens of which the last S² are one.
    Tensor apply(Tensor map) {
        var x = map.dims() == 4 ? map.flatten(1, 2) : map; // [B, N, C]
        int side = (int) Math.round(Math.sqrt(x.size(1) - before));
        var angles = new PlaneRope(side, trained).angles(before);
        var q = PlaneRope.rotate(Heads.apart(query.apply(x), heads), angles); // [B, N, H, D]
        var k = PlaneRope.rotate(Heads.apart(key.apply(x), heads), angles);
        var v = Heads.apart(value.apply(x), heads);
        var mixed = Mixing.mix(q, k, v, 1 / Math.sqrt(HEAD), null).to(map.dtype()); // [B, N, C]
        return output.apply(inner.apply(mixed)).reshape(map.shape());
    }
}
