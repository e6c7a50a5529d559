package dev.aerie.vision;

import dev.aerie.AerieException;
import dev.aerie.nn.ParameterSource;

/// Sizes read off a checkpoint.
final class Stored {

    private Stored() {}

    static long[] shape(ParameterSource source, String name) {
        return source.stored(name)
                .orElseThrow(() -> new AerieException("cannot tell the expert's sizes: the checkpoint has no tensor "
                        + name + " where one was looked for; check that its tower string fits its weights"));
    }
}
