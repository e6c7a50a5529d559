package dev.aerie.nn;

import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;

/// Layer normalisation over the last dimension.
public final class LayerNorm {

    private final Tensor weight;
    private final Tensor bias;
    private final double epsilon;

    public LayerNorm(ParameterSource source, long width, double epsilon) {
        weight = source.parameter("weight", width);
        bias = source.parameter("bias", width);
        this.epsilon = epsilon;
    }

    public Tensor apply(Tensor x) {
        return Functional.layerNorm(x, weight, bias, epsilon);
    }
}
