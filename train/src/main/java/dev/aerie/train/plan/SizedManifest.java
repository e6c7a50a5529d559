package dev.aerie.train.plan;

import dev.aerie.nn.LowRank;
import dev.aerie.nn.Manifest;
import dev.aerie.nn.Overlay;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import java.util.Optional;

/// Records what is asked for as a [Manifest] does, but answers questions about sizes as another source would.
///
/// @param under    knows what is stored; nothing is taken from it
/// @param manifest is told what is asked for
record SizedManifest(ParameterSource under, Manifest manifest) implements Overlay {

    @Override
    public Tensor parameter(String name, long... shape) {
        return manifest.parameter(name, shape);
    }

    @Override
    public Optional<LowRank> adapter(String name, long in, long out) {
        return manifest.adapter(name, in, out);
    }

    @Override
    public void unused(String name, long... shape) {
        if (under.stored(name).isPresent()) {
            manifest.unused(name, shape);
        }
    }

    @Override
    public void buffer(String name, long... shape) {
        manifest.buffer(name, shape);
    }
}
