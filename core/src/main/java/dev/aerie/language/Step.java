package dev.aerie.language;

import dev.aerie.nn.Heads;
import dev.aerie.nn.Mixing;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// What all layers of one forward pass share: the tokens' rotations, and how their queries meet keys and values.
interface Step {

    Rope.Angles angles();

    /// Attention of layer `layer`: q `[B, H, T, D]`, k and v `[B, kvH, T, D]` of the new tokens, to `[B, T, H·D]`.
    Tensor attend(int layer, Tensor q, Tensor k, Tensor v, double scale);

    /// Attention over keys and values as they lie: through our kernel where order is all that counts and it can, else
    /// through libtorch.
    ///
    /// @param mask   added to the logits, `[B or 1, 1, T, S]`
    /// @param causal the queries are the last of the keys' tokens and see none after them; excludes a mask
    static Tensor mix(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, double scale) {
        return causal && Mixing.canMix(q, k, v)
                ? Mixing.mixCausally(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), scale)
                : Heads.join(Functional.attention(q, k, v, mask, causal, scale));
    }
}
