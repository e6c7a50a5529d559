package dev.aerie.nn;

import dev.aerie.tensor.Tensor;

/// A source whose parameters begin in a way of their own.
record Begun(ParameterSource under, Beginning weights, Beginning biases) implements Overlay {

    @Override
    public Tensor parameter(String name, long... shape) {
        return under.parameter(name, name.endsWith("bias") ? biases : weights, shape);
    }

    @Override
    public Tensor parameter(String name, Beginning beginning, long... shape) {
        return under.parameter(name, beginning, shape);
    }
}
