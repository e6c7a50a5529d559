package dev.aerie.nn;

import dev.aerie.tensor.Tensor;
import java.util.Optional;

/// A source of which one part comes from another place.
///
/// @param prefix of the names of that part
/// @param part   is asked for the names without the prefix
public record Grafted(ParameterSource under, String prefix, ParameterSource part) implements ParameterSource {

    private boolean owns(String name) {
        return name.startsWith(prefix);
    }

    private String below(String name) {
        return name.substring(prefix.length());
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        return owns(name) ? part.parameter(below(name), shape) : under.parameter(name, shape);
    }

    @Override
    public Tensor parameter(String name, Beginning beginning, long... shape) {
        return owns(name) ? part.parameter(below(name), beginning, shape) : under.parameter(name, beginning, shape);
    }

    @Override
    public void unused(String name, long... shape) {
        if (owns(name)) {
            part.unused(below(name), shape);
        } else {
            under.unused(name, shape);
        }
    }

    @Override
    public void buffer(String name, long... shape) {
        if (owns(name)) {
            part.buffer(below(name), shape);
        } else {
            under.buffer(name, shape);
        }
    }

    @Override
    public Optional<long[]> stored(String name) {
        return owns(name) ? part.stored(below(name)) : under.stored(name);
    }

    @Override
    public boolean isStored() {
        return under.isStored();
    }

    @Override
    public boolean isStored(String name) {
        return owns(name) ? part.isStored() : under.isStored(name);
    }

    @Override
    public Optional<LowRank> adapter(String name, long in, long out) {
        return under.adapter(name, in, out);
    }
}
