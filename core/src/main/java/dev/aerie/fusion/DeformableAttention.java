package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Multi-scale deformable attention (arXiv 2010.04159; its names): every query looks at a few points around its
/// reference in each of several maps. Where the points lie and what they count comes from the query alone.
///
/// `O = W_p Σ_{l,k} A_{lk} V_l(r_l + Δ_{lk} / (W_l, H_l))`, V by bilinear interpolation with zeros outside.
///
/// Points and weights are taken in float32 at least: in bfloat16 a point on a map of 256 cells would be a whole cell
/// off.
public final class DeformableAttention {

    /// A map's size in cells.
    public record Level(int height, int width) {}

    /// @param output  `[B, N, d]`
    /// @param weights `[B, N, heads, levels, points]`
    public record Result(Tensor output, Tensor weights) {}

    private final int heads;
    private final int levels;
    private final int points;
    private final Linear value;
    private final Linear offsets;
    private final Linear weights;
    private final Linear output;

    /// @param width  of queries and features
    /// @param scales of the first offsets in each level, in cells; 1 as published
    public DeformableAttention(ParameterSource source, int width, int heads, int points, double... scales) {
        this.heads = heads;
        levels = scales.length;
        this.points = points;
        int all = heads * levels * points;
        value = new Linear(source.at("value_proj").beginning(Beginning.XAVIER), width, width);
        offsets = new Linear(
                source.at("sampling_offsets")
                        .beginning(Beginning.ZEROS, Beginning.values(initialOffsets(heads, points, scales))),
                width,
                2L * all);
        weights = new Linear(source.at("attention_weights").beginning(Beginning.ZEROS), width, all);
        output = new Linear(source.at("output_proj").beginning(Beginning.XAVIER), width, width);
    }

    /// The first offsets `[heads, levels, points, 2]` in cells: each head looks in a direction of its own, to the
    /// edges of squares of growing size.
    public static double[] initialOffsets(int heads, int points, double... scales) {
        var offsets = new double[heads * scales.length * points * 2];
        int at = 0;
        for (int head = 0; head < heads; head++) {
            double angle = 2 * Math.PI * head / heads;
            double largest = Math.max(Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle)));
            for (double scale : scales) {
                for (int point = 1; point <= points; point++) {
                    offsets[at++] = scale * point * Math.cos(angle) / largest;
                    offsets[at++] = scale * point * Math.sin(angle) / largest;
                }
            }
        }
        return offsets;
    }

    /// Operations for `queries` queries over maps of `cells` cells together.
    double flops(double queries, double cells, double width) {
        double all = (double) heads * levels * points;
        return 2
                * (cells * width * width + queries * width * (3 * all + width) + 5 * queries * levels * points * width);
    }

    /// @param queries    `[B, N, d]`
    /// @param references `[B or 1, N, levels, 2]`: x and y in 0 … 1, from the outer edges of the maps
    /// @param features   `[B, ΣHW, d]`: level after level, each row by row
    public Result apply(Tensor queries, Tensor references, Tensor features, List<Level> shapes) {
        long batch = queries.size(0);
        long n = queries.size(1);
        var moved = Functional.wide(offsets.apply(queries)).reshape(batch, n, heads, levels, points, 2);
        var shares = Functional.wide(weights.apply(queries))
                .reshape(batch, n, heads, (long) levels * points)
                .softmax(3);
        var around = Functional.wide(references).unsqueeze(2).unsqueeze(4); // [B, N, 1, levels, 1, 2]
        var places = around.plus(moved.divide(sizes(shapes).to(moved.dtype())))
                .times(2)
                .plus(-1);
        var values = Functional.wide(value.apply(features));
        var sampled = new ArrayList<Tensor>();
        long start = 0;
        for (int level = 0; level < levels; level++) {
            var shape = shapes.get(level);
            long cells = (long) shape.height() * shape.width();
            var map = values.narrow(1, start, cells) // [B, HW, d]
                    .transpose(1, 2)
                    .reshape(batch * heads, values.size(2) / heads, shape.height(), shape.width());
            var grid = places.select(3, level).transpose(1, 2).flatten(0, 1); // [B·heads, N, points, 2]
            sampled.add(Functional.sample(map, grid)); // [B·heads, D, N, points]
            start += cells;
        }
        var each = shares.transpose(1, 2).reshape(batch * heads, 1, n, (long) levels * points);
        var mixed = Tensors.cat(sampled, 3).times(each).sum(3); // [B·heads, D, N]
        var joined = mixed.reshape(batch, values.size(2), n).transpose(1, 2).to(queries.dtype());
        return new Result(output.apply(joined), shares.reshape(batch, n, heads, levels, points));
    }

    /// Width and height of each level, `[levels, 1, 2]`.
    private static Tensor sizes(List<Level> shapes) {
        var sizes = shapes.stream()
                .flatMap(shape -> Arrays.asList((float) shape.width(), (float) shape.height()).stream())
                .toList();
        var values = new float[sizes.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = sizes.get(i);
        }
        return Tensor.of(values, shapes.size(), 1, 2);
    }
}
