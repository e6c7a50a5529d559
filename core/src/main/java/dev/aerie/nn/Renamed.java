package dev.aerie.nn;

import dev.aerie.tensor.Tensor;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A source whose tensors bear other names than they are asked for by.
///
/// @param names from the name asked for to the source's own
public record Renamed(ParameterSource under, UnaryOperator<String> names) implements ParameterSource {

    @Override
    public Tensor parameter(String name, long... shape) {
        return under.parameter(names.apply(name), shape);
    }

    @Override
    public Tensor parameter(String name, Beginning beginning, long... shape) {
        return under.parameter(names.apply(name), beginning, shape);
    }

    @Override
    public Optional<LowRank> adapter(String name, long in, long out) {
        return under.adapter(names.apply(name), in, out);
    }

    @Override
    public void unused(String name, long... shape) {
        under.unused(names.apply(name), shape);
    }

    @Override
    public void buffer(String name, long... shape) {
        under.buffer(names.apply(name), shape);
    }

    @Override
    public Optional<long[]> stored(String name) {
        return under.stored(names.apply(name));
    }

    @Override
    public boolean isStored() {
        return under.isStored();
    }
}
