package dev.aerie.vision;

import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;

/// Cuts a map into square windows that become the batch, and joins them again. Maps that do not divide are padded with
/// zeros at the bottom and right; the padding is cut off when joining.
record Windows(int side) {

    /// `[B, H, W, C]` to `[B·windows, side, side, C]`.
    Tensor split(Tensor x) {
        long rows = ceil(x.size(1));
        long columns = ceil(x.size(2));
        var padded = Functional.padGrid(x, rows * side - x.size(1), columns * side - x.size(2));
        return padded.reshape(x.size(0), rows, side, columns, side, x.size(3))
                .transpose(2, 3)
                .flatten(0, 2);
    }

    /// The inverse of [#split] for a map of `height` × `width`.
    Tensor join(Tensor windows, long height, long width) {
        long rows = ceil(height);
        long columns = ceil(width);
        return windows.reshape(-1, rows, columns, side, side, windows.size(3))
                .transpose(2, 3)
                .reshape(-1, rows * side, columns * side, windows.size(3))
                .narrow(1, 0, height)
                .narrow(2, 0, width);
    }

    private long ceil(long extent) {
        return (extent + side - 1) / side;
    }
}
