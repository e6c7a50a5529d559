package dev.aerie.vision;

import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import java.util.List;

/// How a vision transformer with a class token begins: that token and the patches, each with its learned position.
///
/// @param classToken `[1, 1, C]`
/// @param positions  `[1, 1 + side², C]`, that of the class token first
/// @param resampling what makes other grids of the trained one
record ClassTokens(Tensor classToken, Tensor positions, Resampling resampling) {

    /// A table of positions `[side², C]` as one for another grid, `[height·width, C]`.
    @FunctionalInterface
    interface Resampling {
        Tensor resample(Tensor table, long height, long width);
    }

    /// Patches `[B, C, h, w]` to tokens `[B, 1 + h·w, C]`.
    Tensor of(Tensor map) {
        var table = positions.to(map.dtype()).squeeze(0); // [1 + side², C]
        var grid = resampling.resample(table.narrow(0, 1, table.size(0) - 1), map.size(2), map.size(3));
        var patches = map.flatten(2).transpose(1, 2).plus(grid); // [B, h·w, C]
        var first = classToken.to(map.dtype()).plus(table.select(0, 0)); // [1, 1, C]
        return Tensors.cat(List.of(first.expand(patches.size(0), 1, -1), patches), 1);
    }
}
