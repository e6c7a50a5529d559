package dev.aerie.nn;

import dev.aerie.tensor.Tensor;

/// Multi-head self-attention over a whole sequence: `[B, T, C]` to `[B, T, C]`.
///
/// @param scale of the logits before the softmax; `1/√D` in most models
public record Attention(Linear query, Linear key, Linear value, Linear output, int heads, double scale) {

    public Tensor apply(Tensor x) {
        var q = Heads.apart(query.apply(x), heads); // [B, T, H, D]
        var k = Heads.apart(key.apply(x), heads);
        var v = Heads.apart(value.apply(x), heads);
        return output.apply(Mixing.mix(q, k, v, scale, null));
    }
}
