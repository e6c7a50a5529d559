package dev.aerie.vision;

import dev.aerie.nn.Linear;
import dev.aerie.nn.Mixing;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;

/// SAM's attention over a map with decomposed relative positions: the logit of query (y, x) and key (ky, kx) is
/// `q·k / √D + q·Rh[y − ky] + q·Rw[x − kx]`, with the unscaled q in the last two terms. The bias stays the sum of its
/// two small terms; the full matrix is never made.
final class RelativeAttention {

    private final Linear qkv;
    private final Linear output;
    private final Tensor rows;
    private final Tensor columns;
    private final int heads;
    private final int side;

    /// @param side of the square map that it attends over
    RelativeAttention(ParameterSource source, int width, int side) {
        qkv = new Linear(source.at("qkv"), width, 3L * width);
        output = new Linear(source.at("proj"), width, width);
        rows = source.parameter("rel_pos_h", 2L * side - 1, 64);
        columns = source.parameter("rel_pos_w", 2L * side - 1, 64);
        heads = Stored.heads(width);
        this.side = side;
    }

    /// `[B, S, S, C]` to `[B, S, S, C]`.
    Tensor apply(Tensor x) {
        long batch = x.size(0);
        long n = (long) side * side;
        var parts = qkv.apply(x).reshape(batch, n, 3, heads, 64);
        var q = parts.select(2, 0).to(DType.F32); // [B, N, H, D]
        var map = q.transpose(1, 2).reshape(batch, heads, side, side, 64); // [B, H, y, x, D]
        var byRow = map.matmul(distances(rows)); // [B, H, y, x, ky]
        var byColumn =
                map.transpose(2, 3).matmul(distances(columns)).transpose(2, 3).contiguous(); // [B, H, y, x, kx]
        var relative =
                new Mixing.Relative(byRow.reshape(batch, heads, n, side), byColumn.reshape(batch, heads, n, side));
        var mixed = Mixing.mix(q, parts.select(2, 1), parts.select(2, 2), 1 / Math.sqrt(64), relative);
        return output.apply(mixed.to(x.dtype())).reshape(batch, side, side, 64L * heads);
    }

    /// `[S, D, S]`: at [y, :, ky] the table's row for the distance y − ky.
    private Tensor distances(Tensor table) {
        var index = new long[side * side];
        for (int y = 0; y < side; y++) {
            for (int ky = 0; ky < side; ky++) {
                index[y * side + ky] = y - ky + side - 1;
            }
        }
        return table.to(DType.F32)
                .indexSelect(0, Tensor.of(index, index.length))
                .reshape(side, side, 64)
                .transpose(1, 2);
    }
}
