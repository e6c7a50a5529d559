package dev.aerie.fusion;

import dev.aerie.nn.Overlay;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;

/// A source in which the projectors of two experts change places.
record Swapped(ParameterSource under, boolean swap) implements Overlay {

    @Override
    public Tensor parameter(String name, long... shape) {
        var first = "mm_projector.0.";
        var second = "mm_projector.1.";
        if (swap && name.startsWith(first)) {
            return under.parameter(second + name.substring(first.length()), shape);
        }
        return under.parameter(swap && name.startsWith(second) ? first + name.substring(second.length()) : name, shape);
    }
}
