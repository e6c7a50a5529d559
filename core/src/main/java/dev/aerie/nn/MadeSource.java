package dev.aerie.nn;

import java.util.Optional;

/// A source that makes up its tensors: nothing is stored, so nothing is left unused either.
public interface MadeSource extends ParameterSource {

    @Override
    default void unused(String name, long... shape) {}

    @Override
    default void buffer(String name, long... shape) {}

    @Override
    default Optional<long[]> stored(String name) {
        return Optional.empty();
    }

    @Override
    default boolean isStored() {
        return false;
    }
}
