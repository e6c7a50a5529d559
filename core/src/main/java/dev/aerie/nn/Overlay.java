package dev.aerie.nn;

import java.util.Optional;

/// A source over another, which answers whatever this one does not answer itself.
public interface Overlay extends ParameterSource {

    ParameterSource under();

    @Override
    default void unused(String name, long... shape) {
        under().unused(name, shape);
    }

    @Override
    default void buffer(String name, long... shape) {
        under().buffer(name, shape);
    }

    @Override
    default Optional<LowRank> adapter(String name, long in, long out) {
        return under().adapter(name, in, out);
    }

    @Override
    default Optional<long[]> stored(String name) {
        return under().stored(name);
    }

    @Override
    default boolean isStored() {
        return under().isStored();
    }

    @Override
    default boolean isStored(String prefix) {
        return under().isStored(prefix);
    }
}
