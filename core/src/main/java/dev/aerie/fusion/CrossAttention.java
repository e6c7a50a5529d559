package dev.aerie.fusion;

import dev.aerie.nn.Heads;
import dev.aerie.nn.Mixing;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Multi-head attention of some tokens over others, between the products before and behind it.
final class CrossAttention {

    private CrossAttention() {}

    /// `softmax(q kᵀ / √D) v`: q `[B, T, H·D]`, k and v `[B, S, H·D]`, to `[B, T, H·D]`.
    static Tensor mix(Tensor q, Tensor k, Tensor v, int heads) {
        return Mixing.mix(Heads.apart(q, heads), Heads.apart(k, heads), Heads.apart(v, heads), scale(q, heads), null);
    }

    /// The same for many short rows of keys.
    ///
    /// @param mask added to the logits, `[B, 1, 1, S]`
    static Tensor mixShort(Tensor q, Tensor k, Tensor v, int heads, @Nullable Tensor mask) {
        return Heads.join(Functional.attention(
                Heads.split(q, heads), Heads.split(k, heads), Heads.split(v, heads), mask, false, scale(q, heads)));
    }

    private static double scale(Tensor q, int heads) {
        return 1 / Math.sqrt((double) q.size(2) / heads);
    }

    /// Operations between `queries` queries and `keys` keys.
    static double flops(double queries, double keys, double width) {
        return 4 * queries * keys * width;
    }
}
