package dev.aerie.fusion;

import dev.aerie.AerieException;
import dev.aerie.tensor.Tensor;

/// The mean of neighbouring tokens of a map, so that a smaller map remains: PyTorch's adaptive average pooling. It has
/// no weights, and so stands in for resamplers and pixel shuffles that a checkpoint was not trained with.
///
/// @param side of the map that remains, in tokens
public record TokenPooling(int side) {

    /// `[B, height·width, C]` to `[B, side², C]`
    public Tensor apply(Tensor tokens, int height, int width) {
        if (tokens.dims() != 3 || tokens.size(1) != (long) height * width) {
            throw new AerieException("cannot pool " + tokens.describe() + ": expected [B, " + (long) height * width
                    + ", C], a map of " + width + "x" + height + " tokens");
        }
        if (height == side && width == side) {
            return tokens;
        }
        long batch = tokens.size(0);
        long channels = tokens.size(2);
        var rows = means(height).to(tokens.dtype()).matmul(tokens.reshape(batch, height, width * channels));
        var pooled = means(width).to(tokens.dtype()).matmul(rows.reshape(batch * side, width, channels));
        return pooled.reshape(batch, (long) side * side, channels); // [B, side², C]
    }

    /// `[side, length]`: which share of the inputs each output takes; neighbours overlap where they do not divide.
    private Tensor means(int length) {
        var shares = new float[side * length];
        for (int i = 0; i < side; i++) {
            int from = (int) ((long) i * length / side);
            int to = (int) Math.ceilDiv((i + 1L) * length, side);
            for (int j = from; j < to; j++) {
                shares[i * length + j] = 1f / (to - from);
            }
        }
        return Tensor.of(shares, side, length);
    }
}
