package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.Mlp;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/// Cambrian-1's spatial vision aggregator (arXiv 2406.16860, §3.2; names below `vision_sampler_g`): the query of each
/// cell of a grid looks at the cells of every encoder that lie where it does. A layer:
///
/// ```
/// X_k ← X_k + E_k   (where an encoder has several cells)
/// u   = W_in [q; W_c c]
/// q   ← q + MLP(LN(u + look(u, X)))
/// ```
public final class SpatialAggregator {

    /// How the encoders share a query's attention.
    public enum Kind {
        /// One softmax over the cells of all.
        JOINT,
        /// Attention to each alone, mixed by weights that come from the query.
        SEPARATE
    }

    /// @param query   channels of the queries
    /// @param context channels of the picture's context
    /// @param cells   channels of the encoders' cells, and inside the layers
    /// @param across  how many cells of each encoder stand along a query's side
    public record Size(int query, int context, int cells, List<Integer> across, int layers, int heads, Kind kind) {
        public Size {
            across = List.copyOf(across);
        }
    }

    private static final double EPSILON = 1e-5;

    private final Size size;
    private final List<Layer> layers = new ArrayList<>();

    public SpatialAggregator(ParameterSource source, Size size) {
        this.size = size;
        for (int i = 0; i < size.layers(); i++) {
            layers.add(new Layer(source.at("layers").at(i), size));
        }
    }

    /// Operations of `queries` queries.
    double flops(double queries) {
        double d = size.cells();
        double keys = size.across().stream().mapToDouble(m -> (double) m * m).sum();
        double looks = size.kind() == Kind.JOINT
                ? 4 * d * d + 4 * keys * d * d + 4 * keys * d
                : size.across().size() * 4 * d * d + 4 * keys * d * d + 4 * keys * d + 2 * (size.query() + d) * d;
        double layer = 2 * (size.query() + d) * d + 2 * d * (d + size.query()) + looks;
        return size.layers() * queries * layer;
    }

    /// The masks `[B, N, m²]` in which 1 means seen, as bytes or numbers, as what is added to logits. A query that sees
    /// nothing sees everything: a softmax over nothing is not a number.
    public static Tensor visible(List<Tensor> masks) {
        var seen = Tensors.cat(masks.stream().map(mask -> mask.to(DType.F32)).toList(), 2); // [B, N, Σm²]
        var none = seen.sum(2).atMost(1).negate().plus(1).unsqueeze(2); // 1 where nothing is seen
        return seen.plus(none).plus(-1).times(1e30);
    }

    /// @param queries `[B, N, query]`
    /// @param context `[B, 1, context]`
    /// @param cells   `[B, N, m²_k, cells]` of each encoder
    public Tensor apply(Tensor queries, Tensor context, List<Tensor> cells) {
        return apply(queries, context, cells, List.of());
    }

    /// @param masks of each encoder, see [#visible]; none where everything is seen
    public Tensor apply(Tensor queries, Tensor context, List<Tensor> cells, List<Tensor> masks) {
        for (var layer : layers) {
            queries = layer.apply(queries, context, cells, masks);
        }
        return queries;
    }

    private static final class Layer {

        private final Size size;
        private final Linear contextIn;
        private final Linear in;
        private final LayerNorm norm;
        private final Mlp out;
        private final List<List<Tensor>> positions = new ArrayList<>();
        private final Look look;

        Layer(ParameterSource source, Size size) {
            this.size = size;
            int d = size.cells();
            contextIn = Linear.withoutBias(source.at("proj_context"), size.context(), d);
            in = Linear.withoutBias(source.at("proj_in"), size.query() + (long) d, d);
            norm = new LayerNorm(source.at("norm"), d, EPSILON);
            out = mlp(source.at("proj_out"), d, d, size.query());
            for (int k = 0; k < size.across().size(); k++) {
                int m = size.across().get(k);
                positions.add(
                        m == 1
                                ? List.of()
                                : List.of(source.parameter("pos_embed_" + k, Beginning.normal(1), (long) m * m, d)));
            }
            look = switch (size.kind()) {
                case JOINT -> new Joint(source.at("cross_attn"), size);
                case SEPARATE -> new Separate(source, size);
            };
        }

        Tensor apply(Tensor queries, Tensor context, List<Tensor> cells, List<Tensor> masks) {
            long batch = queries.size(0);
            long n = queries.size(1);
            var about = contextIn.apply(context).expand(batch, n, -1); // [B, N, d]
            var asked = Tensors.cat(List.of(queries, about), 2); // [B, N, query + d]
            var u = in.apply(asked);
            var placed = new ArrayList<Tensor>();
            for (int k = 0; k < cells.size(); k++) {
                var x = cells.get(k);
                for (var position : positions.get(k)) {
                    x = x.plus(position.to(x.dtype()));
                }
                placed.add(x);
            }
            return queries.plus(out.apply(norm.apply(u.plus(look.at(asked, u, placed, masks)))));
        }
    }

    /// How one layer's queries look at the cells.
    private interface Look {

        /// @param asked `[B, N, query + d]`
        /// @param u     `[B, N, d]`
        Tensor at(Tensor asked, Tensor u, List<Tensor> cells, List<Tensor> masks);
    }

    private static final class Joint implements Look {

        private final int heads;
        private final NormedLinear query;
        private final List<NormedLinear> keys = new ArrayList<>();
        private final List<NormedLinear> values = new ArrayList<>();
        private final Linear output;

        Joint(ParameterSource source, Size size) {
            heads = size.heads();
            int d = size.cells();
            query = NormedLinear.withoutBias(source.at("q_proj"), d, d);
            for (int k = 0; k < size.across().size(); k++) {
                keys.add(NormedLinear.withoutBias(source.at("k_proj_" + k), d, d));
                values.add(NormedLinear.withoutBias(source.at("v_proj_" + k), d, d));
            }
            output = Linear.withoutBias(source.at("o_proj"), d, d);
        }

        @Override
        public Tensor at(Tensor asked, Tensor u, List<Tensor> cells, List<Tensor> masks) {
            var k = new ArrayList<Tensor>();
            var v = new ArrayList<Tensor>();
            for (int i = 0; i < cells.size(); i++) {
                k.add(keys.get(i).apply(cells.get(i)));
                v.add(values.get(i).apply(cells.get(i)));
            }
            return output.apply(attend(query.apply(u), Tensors.cat(k, 2), Tensors.cat(v, 2), heads, masks));
        }
    }

    private static final class Separate implements Look {

        private final List<Look> each = new ArrayList<>();
        private final List<Mlp> weights;

        Separate(ParameterSource source, Size size) {
            int d = size.cells();
            int encoders = size.across().size();
            for (int k = 0; k < encoders; k++) {
                var layer = source.at("aggregate_" + k).at("attention_layer");
                int index = k;
                if (size.across().get(k) == 1) {
                    var mlp = mlp(layer, d, d, d);
                    each.add((_, _, cells, _) -> mlp.apply(cells.get(index).squeeze(2)));
                } else {
                    each.add(alone(layer, d, size.heads(), index));
                }
            }
            weights = encoders == 1 ? List.of() : List.of(mlp(source.at("weight_mlp"), size.query() + d, d, encoders));
        }

        private static Look alone(ParameterSource source, int d, int heads, int index) {
            var query = NormedLinear.withoutBias(source.at("q_proj"), d, d);
            var key = NormedLinear.withoutBias(source.at("k_proj"), d, d);
            var value = NormedLinear.withoutBias(source.at("v_proj"), d, d);
            var output = Linear.withoutBias(source.at("o_proj"), d, d);
            return (_, u, cells, masks) -> {
                var x = cells.get(index);
                var mask = masks.isEmpty() ? masks : List.of(masks.get(index));
                return output.apply(attend(query.apply(u), key.apply(x), value.apply(x), heads, mask));
            };
        }

        @Override
        public Tensor at(Tensor asked, Tensor u, List<Tensor> cells, List<Tensor> masks) {
            var looks =
                    each.stream().map(look -> look.at(asked, u, cells, masks)).toList();
            var all = Tensors.stack(looks, 2); // [B, N, K, d]
            for (var mlp : weights) {
                all = all.times(mlp.apply(asked).softmax(2).unsqueeze(3));
            }
            return all.sum(2);
        }
    }

    /// Attention of each query `[B, N, d]` over its own keys `[B, N, S, d]`.
    private static Tensor attend(Tensor q, Tensor k, Tensor v, int heads, List<Tensor> masks) {
        var mask = masks.isEmpty()
                ? null
                : visible(masks).flatten(0, 1).unsqueeze(1).unsqueeze(1); // [B·N, 1, 1, S]
        var mixed = CrossAttention.mixShort(
                q.flatten(0, 1).unsqueeze(1), k.flatten(0, 1), v.flatten(0, 1), heads, mask); // [B·N, 1, d]
        return mixed.reshape(q.size(0), q.size(1), q.size(2));
    }

    private static Mlp mlp(ParameterSource source, int in, int hidden, int out) {
        return new Mlp(
                Linear.withoutBias(source.at("linear_1"), in, hidden),
                Functional::gelu,
                Linear.withoutBias(source.at("linear_2"), hidden, out));
    }
}
