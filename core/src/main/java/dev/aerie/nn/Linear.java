package dev.aerie.nn;

import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// `x Wᵀ + b`: `[…, in]` to `[…, out]`.
public final class Linear {

    private final Tensor weight;
    private final @Nullable Tensor bias;
    private final @Nullable LowRank change;

    private Linear(Tensor weight, @Nullable Tensor bias, @Nullable LowRank change) {
        this.weight = weight;
        this.bias = bias;
        this.change = change;
    }

    /// With a bias.
    public Linear(ParameterSource source, long in, long out) {
        this(
                source.parameter("weight", out, in),
                source.parameter("bias", out),
                source.adapter("weight", in, out).orElse(null));
    }

    public static Linear withoutBias(ParameterSource source, long in, long out) {
        var weight = source.parameter("weight", out, in);
        return new Linear(weight, null, source.adapter("weight", in, out).orElse(null));
    }

    /// With a weight and a bias that do not bear the usual names.
    ///
    /// @param weight its name
    /// @param bias   `[out]`
    public static Linear named(ParameterSource source, String weight, Tensor bias, long in, long out) {
        return new Linear(
                source.parameter(weight, out, in),
                bias,
                source.adapter(weight, in, out).orElse(null));
    }

    /// A layer over tensors that exist already, such as tied embeddings: weight `[out, in]`, bias `[out]` or none.
    public static Linear of(Tensor weight, @Nullable Tensor bias) {
        return new Linear(weight, bias, null);
    }

    public Tensor apply(Tensor x) {
        var y = FewRows.fits(x, weight) ? FewRows.linear(x, weight, bias) : Functional.linear(x, weight, bias);
        return change == null ? y : y.plus(change.apply(x));
    }

    /// How many numbers its matrix has.
    public long weights() {
        return weight.elements();
    }

    public long outputs() {
        return weight.size(0);
    }
}
