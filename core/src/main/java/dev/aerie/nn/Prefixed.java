package dev.aerie.nn;

import dev.aerie.tensor.Tensor;
import java.util.Optional;

/// A source seen from further down its tree of names.
record Prefixed(ParameterSource root, String prefix) implements ParameterSource {

    @Override
    public Tensor parameter(String name, long... shape) {
        return root.parameter(prefix + name, shape);
    }

    @Override
    public Tensor parameter(String name, Beginning beginning, long... shape) {
        return root.parameter(prefix + name, beginning, shape);
    }

    @Override
    public void unused(String name, long... shape) {
        root.unused(prefix + name, shape);
    }

    @Override
    public void buffer(String name, long... shape) {
        root.buffer(prefix + name, shape);
    }

    @Override
    public Optional<long[]> stored(String name) {
        return root.stored(prefix + name);
    }

    @Override
    public boolean isStored() {
        return root.isStored(prefix);
    }

    @Override
    public boolean isStored(String further) {
        return root.isStored(prefix + further);
    }

    @Override
    public Optional<LowRank> adapter(String name, long in, long out) {
        return root.adapter(prefix + name, in, out);
    }

    @Override
    public ParameterSource at(String further) {
        return new Prefixed(root, prefix + further + ".");
    }
}
