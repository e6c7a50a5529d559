package dev.aerie.vision;

import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;

/// What an expert saw: tokens `[B, height·width, C]` in row-major order.
public record FeatureMap(Tensor tokens, long height, long width) {

    /// From a map `[B, H, W, C]`.
    public static FeatureMap ofGrid(Tensor map) {
        return new FeatureMap(map.flatten(1, 2), map.size(1), map.size(2));
    }

    public long channels() {
        return tokens.size(2);
    }

    /// Brought to `side` × `side` by bilinear interpolation with aligned corners (Eagle §4.1).
    public FeatureMap resizedTo(long side) {
        if (height == side && width == side) {
            return this;
        }
        var map = tokens.transpose(1, 2).reshape(tokens.size(0), channels(), height, width); // [B, C, H, W]
        var resized = Interpolation.BILINEAR_ALIGNED.resize(map, side, side);
        return new FeatureMap(resized.flatten(2).transpose(1, 2), side, side);
    }
}
