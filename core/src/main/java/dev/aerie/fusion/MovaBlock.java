package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A block of MoVA's adapter (arXiv 2404.13046, §3.3): the first expert's tokens look at the maps of the
/// experts that were chosen, then at each other.
///
/// ```
/// g = softmax(W_2 gelu(W_1 mean x) + m)          m: −10⁶ for an expert that was not chosen
/// g ← its largest, which are to sum to 1
/// x ← x + Σ_e g_e look_e(LN x, LN v_e)
/// x ← x + look(LN x, LN x)
/// x ← x + W_3 LN(silu(W_1 x') ⊙ W_2 x')          x' = LN x
/// ```
///
/// Every branch begins with zeros, so that a new block changes nothing.
final class MovaBlock {

    /// @param width   of the tokens
    /// @param experts channels of the others' maps
    /// @param side    of the common grid
    /// @param most    experts that the gate keeps
    record Size(int width, List<Integer> experts, int heads, int side, int most) {

        int hidden() {
            return 8 * width / 3;
        }
    }

    private static final double EPSILON = 1e-5;
    private static final double NEVER = 1e6;
    private static final double TINY = 1e-30; // a float32 still

    private final Size size;
    private final Linear gateHidden;
    private final Linear gateOut;
    private final List<Look> looks = new ArrayList<>();
    private final LayerNorm ownNorm;
    private final PlaneAttention own;
    private final LayerNorm thinkNorm;
    private final Linear first;
    private final Linear second;
    private final LayerNorm inner;
    private final Linear last;

    /// How the tokens look at one expert's map.
    private record Look(LayerNorm asking, LayerNorm asked, PlaneAttention attention) {

        Tensor at(Tensor x, Tensor map) {
            return attention.apply(asking.apply(x), asked.apply(map));
        }
    }

    MovaBlock(ParameterSource source, Size size) {
        this.size = size;
        int width = size.width();
        int experts = size.experts().size();
        gateHidden = new Linear(source.at("gate.0"), width, width);
        gateOut = new Linear(source.at("gate.2").beginning(Beginning.ZEROS), width, experts);
        for (int e = 0; e < experts; e++) {
            var names = source.at("experts").at(e);
            int channels = size.experts().get(e);
            looks.add(new Look(
                    new LayerNorm(names.at("norm_q"), width, EPSILON),
                    new LayerNorm(names.at("norm_kv"), channels, EPSILON),
                    new PlaneAttention(names.at("attn"), width, channels, size.heads(), size.side())));
        }
        ownNorm = new LayerNorm(source.at("norm1"), width, EPSILON);
        own = new PlaneAttention(source.at("attn"), width, width, size.heads(), size.side());
        thinkNorm = new LayerNorm(source.at("norm2"), width, EPSILON);
        first = new Linear(source.at("mlp.w1"), width, size.hidden());
        second = new Linear(source.at("mlp.w2"), width, size.hidden());
        inner = new LayerNorm(source.at("mlp.ffn_ln"), size.hidden(), EPSILON);
        last = new Linear(source.at("mlp.w3").beginning(Beginning.ZEROS), size.hidden(), width);
    }

    /// Operations of a picture at which all experts look that the gate keeps.
    double flops() {
        double tokens = (double) size.side() * size.side();
        double looking = looks.stream()
                .mapToDouble(look -> look.attention().flops(tokens))
                .average()
                .orElse(0);
        return Math.min(size.most(), looks.size()) * looking
                + own.flops(tokens)
                + 6 * tokens * size.width() * size.hidden();
    }

    /// @param x    `[B, N, width]`
    /// @param maps `[B, N, C_e]` of each other expert
    Tensor apply(Tensor x, List<Tensor> maps, Routes routes) {
        var seen = x.plus(others(x, maps, routes)); // [B, N, width], as all that follow
        var placed = ownNorm.apply(seen);
        var mixed = seen.plus(own.apply(placed, placed));
        return mixed.plus(think(thinkNorm.apply(mixed)));
    }

    private Tensor think(Tensor x) {
        return last.apply(inner.apply(Functional.gate(Functional.silu(first.apply(x)), second.apply(x))));
    }

    /// What the chosen experts add, `[B, N, width]`. A look is taken only at maps that have a share.
    private Tensor others(Tensor x, List<Tensor> maps, Routes routes) {
        int batch = Math.toIntExact(x.size(0));
        var shares = shares(x, routes);
        var sum = Tensor.zeros(x.dtype(), x.shape());
        for (int e = 0; e < looks.size(); e++) {
            var rows = shares.rows(e);
            if (rows.length == 0) {
                continue;
            }
            var share = shares.values().narrow(1, e, 1).unsqueeze(2).to(x.dtype()); // [B, 1, 1]
            if (rows.length == batch) {
                sum = sum.plus(looks.get(e).at(x, maps.get(e)).times(share));
            } else {
                var some = Tensor.of(rows, rows.length);
                var look = looks.get(e).at(x.indexSelect(0, some), maps.get(e).indexSelect(0, some));
                sum = sum.indexAdd(0, some, look.times(share.indexSelect(0, some)));
            }
        }
        return sum;
    }

    /// The experts' shares in a picture.
    ///
    /// @param values `[B, E]`, a picture's being 1 together, or 0 where none was chosen
    /// @param kept   for each picture, whether an expert has a share
    record Shares(Tensor values, boolean[][] kept) {

        /// The pictures in which an expert has one.
        long[] rows(int expert) {
            return IntStream.range(0, kept.length)
                    .filter(picture -> kept[picture][expert])
                    .mapToLong(picture -> picture)
                    .toArray();
        }
    }

    /// @param x `[B, N, width]`
    Shares shares(Tensor x, Routes routes) {
        int batch = Math.toIntExact(x.size(0));
        var scores = Functional.wide(gateOut.apply(Functional.gelu(gateHidden.apply(x.mean(1))))); // [B, E]
        var chosen = new boolean[batch][looks.size()];
        for (int e = 0; e < looks.size(); e++) {
            for (int picture : routes.pictures(e + 1, batch)) {
                chosen[picture][e] = true;
            }
        }
        var all =
                scores.plus(mask(chosen, scores.dtype()).plus(-1).times(NEVER)).softmax(1);
        var kept = largest(all.detach().toDoubles(), chosen);
        var shares = all.times(mask(kept, all.dtype()));
        return new Shares(shares.divide(shares.sum(1).unsqueeze(1).atLeast(TINY)), kept);
    }

    /// 1 where it is true.
    private static Tensor mask(boolean[][] rows, DType dtype) {
        var values = new double[rows.length * rows[0].length];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows[i / rows[0].length][i % rows[0].length] ? 1 : 0;
        }
        return Tensor.of(values, rows.length, rows[0].length).to(dtype);
    }

    /// The chosen experts with the largest of the values `[B, E]`, as many as the gate keeps; of equals the first.
    private boolean[][] largest(double[] values, boolean[][] chosen) {
        var kept = new boolean[chosen.length][];
        for (int b = 0; b < chosen.length; b++) {
            int row = b;
            kept[b] = new boolean[chosen[b].length];
            IntStream.range(0, kept[b].length)
                    .filter(e -> chosen[row][e])
                    .boxed()
                    .sorted(Comparator.comparingDouble(e -> -values[row * chosen[row].length + e]))
                    .limit(size.most())
                    .forEach(e -> kept[row][e] = true);
        }
        return kept;
    }
}
