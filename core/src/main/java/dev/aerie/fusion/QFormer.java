package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// BLIP-2's Q-Former (arXiv 2301.12597, §3.1; `transformers` names below `qformer`), without its text half: queries
/// look at each other in every layer and at the picture in every other. Norms stand behind each sum, as in BERT.
public final class QFormer {

    /// @param width   of the queries
    /// @param encoder channels of the tokens looked at
    /// @param every   the layers 0, `every`, 2·`every`, … look at the picture
    public record Size(int width, int encoder, int layers, int heads, int hidden, int every) {}

    private static final double EPSILON = 1e-12;

    /// BERT's.
    private static final Beginning WEIGHTS = Beginning.normal(0.02);

    private final Size size;
    private final LayerNorm first;
    private final List<Layer> layers = new ArrayList<>();

    public QFormer(ParameterSource source, Size size) {
        this.size = size;
        first = new LayerNorm(source.at("layernorm"), size.width(), EPSILON);
        for (int i = 0; i < size.layers(); i++) {
            layers.add(new Layer(source.at("encoder.layer").at(i), size, i % size.every() == 0));
        }
    }

    /// Operations of `queries` queries over `tokens` tokens.
    double flops(double queries, double tokens) {
        double w = size.width();
        double cross = 4 * queries * w * w + 4 * tokens * size.encoder() * w + CrossAttention.flops(queries, tokens, w);
        double own = 8 * queries * w * w + CrossAttention.flops(queries, queries, w) + 4 * queries * w * size.hidden();
        return size.layers() * own + Math.ceilDiv(size.layers(), size.every()) * cross;
    }

    /// @param queries `[B, T, C]`
    /// @param tokens  `[B, N, encoder]`
    /// @return `[B, T, C]`
    public Tensor apply(Tensor queries, Tensor tokens) {
        var x = first.apply(queries);
        for (var layer : layers) {
            x = layer.apply(x, tokens);
        }
        return x;
    }

    private static final class Layer {

        private final Look own;
        private final Optional<Look> picture;
        private final Linear up;
        private final Linear down;
        private final LayerNorm norm;

        Layer(ParameterSource source, Size size, boolean looks) {
            own = new Look(source.at("attention"), size.width(), size.width(), size.heads());
            picture = looks
                    ? Optional.of(new Look(source.at("crossattention"), size.width(), size.encoder(), size.heads()))
                    : Optional.empty();
            up = new Linear(source.at("intermediate_query.dense").beginning(WEIGHTS), size.width(), size.hidden());
            down = new Linear(source.at("output_query.dense").beginning(WEIGHTS), size.hidden(), size.width());
            norm = new LayerNorm(source.at("output_query.LayerNorm"), size.width(), EPSILON);
        }

        Tensor apply(Tensor x, Tensor tokens) {
            var seen = own.apply(x, x);
            var attended = picture.map(look -> look.apply(seen, tokens)).orElse(seen);
            return norm.apply(attended.plus(down.apply(Functional.gelu(up.apply(attended)))));
        }
    }

    /// Attention, the sum with its input, and the norm behind it.
    private static final class Look {

        private final int heads;
        private final Linear query;
        private final Linear key;
        private final Linear value;
        private final Linear output;
        private final LayerNorm norm;

        Look(ParameterSource source, int width, int from, int heads) {
            this.heads = heads;
            var attention = source.at("attention").beginning(WEIGHTS);
            query = new Linear(attention.at("query"), width, width);
            key = new Linear(attention.at("key"), from, width);
            value = new Linear(attention.at("value"), from, width);
            output = new Linear(source.at("output.dense").beginning(WEIGHTS), width, width);
            norm = new LayerNorm(source.at("output.LayerNorm"), width, EPSILON);
        }

        Tensor apply(Tensor x, Tensor at) {
            return norm.apply(
                    x.plus(output.apply(CrossAttention.mix(query.apply(x), key.apply(at), value.apply(at), heads))));
        }
    }
}
