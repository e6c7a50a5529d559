package dev.aerie.fusion;

import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;

/// LLaVA-HR's way from one grid to another: a coarser map is interpolated, a finer one averaged cell by cell. Sides
/// that do not divide each other, which it refuses, are interpolated as well.
final class Alignment {

    private Alignment() {}

    /// `[B, C, h, w]` to `[B, C, side, side]`.
    static Tensor align(Tensor map, long side) {
        long h = map.size(2);
        long w = map.size(3);
        if (h <= side || w <= side || h % side != 0 || w % side != 0) {
            return Interpolation.BILINEAR_ALIGNED.resize(map, side, side);
        }
        return map.reshape(map.size(0), map.size(1), side, h / side, side, w / side)
                .mean(5)
                .mean(3);
    }
}
