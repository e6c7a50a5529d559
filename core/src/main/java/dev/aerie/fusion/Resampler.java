package dev.aerie.fusion;

import dev.aerie.tensor.Tensor;

/// Turns any number of tokens into a fixed one.
public interface Resampler {

    /// `[B, N, in]` to `[B, tokens, out]`
    Tensor apply(Tensor tokens);

    int tokens();

    /// Operations for one picture of `tokens` tokens.
    double flops(double tokens);
}
