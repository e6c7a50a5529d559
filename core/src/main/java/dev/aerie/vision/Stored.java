package dev.aerie.vision;

import dev.aerie.AerieException;
import dev.aerie.nn.ParameterSource;
import java.util.Arrays;

/// Sizes read off a checkpoint.
final class Stored {

    private static final int HEAD = 64;

    private Stored() {}

    /// The shape of the tensor `name`, which has `rank` dimensions of at least 1.
    static long[] shape(ParameterSource source, String name, int rank) {
        var shape = source.stored(name)
                .orElseThrow(() -> new AerieException("cannot tell the expert's sizes: the checkpoint has no tensor "
                        + name + " where one was looked for; check that its tower string fits its weights"));
        if (shape.length != rank || Arrays.stream(shape).anyMatch(extent -> extent < 1 || extent > Integer.MAX_VALUE)) {
            throw new AerieException("cannot tell the expert's sizes: the tensor " + name + " has the shape "
                    + Arrays.toString(shape) + ", expected " + rank
                    + " dimensions; check that its tower string fits its weights");
        }
        return shape;
    }

    /// Attention heads of an encoder of this width; a head is 64 channels wide.
    static int heads(int width) {
        if (width < HEAD || width % HEAD != 0) {
            throw new AerieException("cannot split the expert's " + width + " channels into attention heads of " + HEAD
                    + "; check that its tower string fits its weights");
        }
        return width / HEAD;
    }
}
