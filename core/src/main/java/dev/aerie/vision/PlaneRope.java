package dev.aerie.vision;

import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// EVA-02's rotary positions on a square map: the first half of a head turns with the row, the second with the column.
/// Frequency j of D/4 is `10000^(−4j/D)`; places run from 0 to `trained` whatever the side of the map, so a larger map
/// has finer steps. Neighbouring channels (2m, 2m + 1) form a pair.
///
/// @param side    of the map
/// @param trained side of the map at which places step by 1
/// @param head    channels of a head, D: a multiple of 4
public record PlaneRope(int side, int trained, int head) {

    private static final int HEAD = 64;

    /// One for EVA-02's heads of 64 channels.
    public PlaneRope(int side, int trained) {
        this(side, trained, HEAD);
    }

    /// Cosines and sines `[before + N, 1, D]`, for the places in row-major order.
    public record Angles(Tensor cos, Tensor sin) {}

    /// Computed, although checkpoints may carry them as buffers: those are rounded to the checkpoint's type.
    ///
    /// @param before tokens before those of the map, which are not turned
    public Angles angles(int before) {
        return new Angles(angles(before, Math::cos), angles(before, Math::sin));
    }

    private Tensor angles(int before, DoubleUnaryOperator function) {
        var table = Tensor.of(table(function), (long) side * side, 1, head);
        return before == 0
                ? table
                : Tensors.cat(List.of(Tensor.full(function.applyAsDouble(0), DType.F32, before, 1, head), table), 0);
    }

    /// A function, cosine or sine, of all angles `[N, D]`: what checkpoints hold as `freqs_cos` and `freqs_sin`.
    public float[] table(DoubleUnaryOperator function) {
        int frequencies = head / 4;
        var table = new float[side * side * head];
        var turns = new double[frequencies]; // per step of the map
        for (int j = 0; j < frequencies; j++) {
            turns[j] = (double) trained / side * Math.pow(10_000, -(double) j / frequencies);
        }
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int start = (y * side + x) * head;
                for (int d = 0; d < head; d++) {
                    int place = d < head / 2 ? y : x;
                    table[start + d] = (float) function.applyAsDouble(place * turns[d % (head / 2) / 2]);
                }
            }
        }
        return table;
    }

    /// Rotates `[B, N, H, D]`; the result is float32 at least, which attention computes in.
    public static Tensor rotate(Tensor x, Angles angles) {
        var wide = Functional.wide(x);
        var pairs = wide.reshape(x.size(0), x.size(1), x.size(2), x.size(3) / 2, 2);
        var turned = Tensors.stack(List.of(pairs.select(4, 1).negate(), pairs.select(4, 0)), 4) // (−x₁, x₀)
                .flatten(3);
        return wide.times(angles.cos()).plusInPlace(turned.timesInPlace(angles.sin()));
    }
}
