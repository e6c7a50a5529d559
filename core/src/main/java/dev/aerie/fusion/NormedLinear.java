package dev.aerie.fusion;

import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;

/// A layer norm and a linear layer behind it, named `0` and `1`.
record NormedLinear(LayerNorm norm, Linear linear) {

    private static final double EPSILON = 1e-5;

    static NormedLinear withBias(ParameterSource source, int in, int out) {
        return new NormedLinear(new LayerNorm(source.at(0), in, EPSILON), new Linear(source.at(1), in, out));
    }

    static NormedLinear withoutBias(ParameterSource source, int in, int out) {
        return new NormedLinear(new LayerNorm(source.at(0), in, EPSILON), Linear.withoutBias(source.at(1), in, out));
    }

    Tensor apply(Tensor x) {
        return linear.apply(norm.apply(x));
    }
}
