package dev.aerie.train.plan;

import dev.aerie.nn.Manifest;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import java.util.Optional;

/// Records what is asked for as a [Manifest] does, but answers questions about sizes as another source would.
///
/// @param sizes    knows what is stored; nothing is taken from it
/// @param manifest is told what is asked for
record SizedManifest(ParameterSource sizes, Manifest manifest) implements ParameterSource {

    @Override
    public Tensor parameter(String name, long... shape) {
        return manifest.parameter(name, shape);
    }

    @Override
    public void unused(String name, long... shape) {
        if (sizes.stored(name).isPresent()) {
            manifest.unused(name, shape);
        }
    }

    @Override
    public void buffer(String name, long... shape) {
        manifest.buffer(name, shape);
    }

    @Override
    public Optional<long[]> stored(String name) {
        return sizes.stored(name);
    }

    @Override
    public boolean isStored() {
        return sizes.isStored();
    }

    @Override
    public boolean isStored(String prefix) {
        return sizes.isStored(prefix);
    }
}
