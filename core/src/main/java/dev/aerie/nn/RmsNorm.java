package dev.aerie.nn;

import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;

/// Root-mean-square normalisation over the last dimension, taken in float32 (T5 and Llama).
public final class RmsNorm {

    private final Tensor weight;
    private final double epsilon;

    public RmsNorm(ParameterSource source, long width, double epsilon) {
        weight = source.parameter("weight", width);
        this.epsilon = epsilon;
    }

    public Tensor apply(Tensor x) {
        return Functional.rmsNorm(x, weight, epsilon);
    }
}
