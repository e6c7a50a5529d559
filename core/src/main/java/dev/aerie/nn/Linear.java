package dev.aerie.nn;

import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// `x Wᵀ + b`: `[…, in]` to `[…, out]`.
public final class Linear {

    private final Tensor weight;
    private final @Nullable Tensor bias;

    private Linear(Tensor weight, @Nullable Tensor bias) {
        this.weight = weight;
        this.bias = bias;
    }

    /// With a bias.
    public Linear(ParameterSource source, long in, long out) {
        this(source.parameter("weight", out, in), source.parameter("bias", out));
    }

    public static Linear withoutBias(ParameterSource source, long in, long out) {
        return new Linear(source.parameter("weight", out, in), null);
    }

    /// A layer over tensors that exist already, such as tied embeddings: weight `[out, in]`, bias `[out]` or none.
    public static Linear of(Tensor weight, @Nullable Tensor bias) {
        return new Linear(weight, bias);
    }

    public Tensor apply(Tensor x) {
        return FewRows.fits(x, weight) ? FewRows.linear(x, weight, bias) : Functional.linear(x, weight, bias);
    }

    public long outputs() {
        return weight.size(0);
    }
}
