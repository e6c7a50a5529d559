package dev.aerie.nn;

import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;

/// A change of low rank to the weight W `[out, in]` of a linear layer (LoRA, Hu et al., 2021): `W + scale · B A`.
///
/// @param down  A, `[rank, in]`
/// @param up    B, `[out, rank]`
/// @param scale α / rank
public record LowRank(Tensor down, Tensor up, double scale) {

    /// What it adds to the layer's output: `scale · x Aᵀ Bᵀ`.
    public Tensor apply(Tensor x) {
        return Functional.linear(Functional.linear(x, down, null), up, null).times(scale);
    }

    /// What it adds to the weight, in the type of its factors.
    public Tensor product() {
        return up.detach().matmul(down.detach()).times(scale);
    }
}
