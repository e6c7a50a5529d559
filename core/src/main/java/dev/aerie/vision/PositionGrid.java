package dev.aerie.vision;

import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;

/// Learned positions of a square grid, resampled where another grid is asked for.
///
/// @param table `[side², C]`, row-major
record PositionGrid(Tensor table, Interpolation resampling) {

    /// `[height·width, C]`
    Tensor of(long height, long width) {
        long side = Math.round(Math.sqrt(table.size(0)));
        if (height == side && width == side) {
            return table;
        }
        var grid = table.transpose(0, 1).reshape(1, table.size(1), side, side); // [1, C, side, side]
        return resampling.resize(grid, height, width).flatten(2).squeeze(0).transpose(0, 1);
    }
}
