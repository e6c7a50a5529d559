package dev.aerie.nn;

import dev.aerie.tensor.Tensor;

/// Splits channels into attention heads and joins them again.
public final class Heads {

    private Heads() {}

    /// `[B, T, H·D]` to `[B, T, H, D]`.
    public static Tensor apart(Tensor x, int heads) {
        return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads);
    }

    /// `[B, T, H·D]` to `[B, H, T, D]`.
    public static Tensor split(Tensor x, int heads) {
        return apart(x, heads).transpose(1, 2);
    }

    /// `[B, H, T, D]` to `[B, T, H·D]`.
    public static Tensor join(Tensor x) {
        return x.transpose(1, 2).flatten(2);
    }
}
