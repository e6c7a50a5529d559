package dev.aerie.vision;

import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import java.util.List;

/// SAM's attention over a map with decomposed relative positions: the logit of query (y, x) and key (ky, kx) is
/// `q·k / √D + q·Rh[y − ky] + q·Rw[x − kx]`, with the unscaled q in the last two terms.
///
/// The bias is a sum of a row and a column term, so it folds into the product: the query gets `q·Rh[y − r]` for every
/// row r and `q·Rw[x − c]` for every column c as further channels, and the key of (ky, kx) a one at row ky and at
/// column
/// kx. Fused attention then needs no bias matrix.
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
        var parts = qkv.apply(x)
                .reshape(batch, n, 3, heads, 64)
                .permute(2, 0, 3, 1, 4) // [3, B, H, N, D]
                .to(DType.F32);
        var q = parts.select(0, 0); // [B, H, N, D]
        var byRow = q.reshape(batch, heads, side, side, 64).matmul(distances(rows)); // [B, H, y, x, ky]
        var byColumn = q.reshape(batch, heads, side, side, 64)
                .transpose(2, 3)
                .matmul(distances(columns)) // [B, H, x, y, kx]
                .transpose(2, 3);
        var query = Tensors.cat(
                List.of(
                        q.times(1 / Math.sqrt(64)),
                        byRow.reshape(batch, heads, n, side),
                        byColumn.reshape(batch, heads, n, side)),
                3); // [B, H, N, D + 2S]
        var key = Tensors.cat(List.of(parts.select(0, 1), places().expand(batch, heads, -1, -1)), 3);
        var value = parts.select(0, 2);
        var padded =
                Tensors.cat(List.of(value, Tensor.zeros(DType.F32, 1, 1, 1, 1).expand(batch, heads, n, 2L * side)), 3);
        var mixed = Functional.attention(query, key, padded, null, false, 1).narrow(3, 0, 64);
        return output.apply(
                mixed.transpose(1, 2).reshape(batch, side, side, 64L * heads).to(x.dtype()));
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

    /// `[1, 1, N, 2S]`: for every place of the map a one at its row and a one at its column.
    private Tensor places() {
        var ones = new float[side * side * 2 * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int start = (y * side + x) * 2 * side;
                ones[start + y] = 1;
                ones[start + side + x] = 1;
            }
        }
        return Tensor.of(ones, 1, 1, (long) side * side, 2L * side);
    }
}
