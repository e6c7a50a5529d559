package dev.aerie.nn;

import dev.aerie.tensor.Tensor;

/// Multi-head self-attention over a whole sequence: `[B, T, C]` to `[B, T, C]`.
///
/// @param scale of the logits before the softmax; `1/√D` in most models
public record Attention(Linear query, Linear key, Linear value, Linear output, int heads, double scale) {

    public Tensor apply(Tensor x) {
        var q = split(query.apply(x)); // [B, T, H, D]
        var k = split(key.apply(x));
        var v = split(value.apply(x));
        return output.apply(Mixing.mix(q, k, v, scale, null));
    }

    private Tensor split(Tensor x) {
        return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads);
    }
}
