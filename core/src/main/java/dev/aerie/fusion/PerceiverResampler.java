package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/// Flamingo's Perceiver resampler (arXiv 2204.14198, §3.1.1; IDEFICS' names): a few learned latents look at all tokens
/// and at each other, layer by layer.
public final class PerceiverResampler implements Resampler {

    /// @param width  of tokens and latents
    /// @param heads  of `headWidth` channels each
    /// @param hidden channels inside the MLPs
    public record Size(int width, int latents, int layers, int heads, int headWidth, int hidden) {}

    private static final double EPSILON = 1e-5;
    private static final double DEVIATION = 0.02;

    private final Size size;
    private final Tensor latents;
    private final List<Layer> layers = new ArrayList<>();
    private final LayerNorm last;

    public PerceiverResampler(ParameterSource source, Size size) {
        this.size = size;
        latents = source.parameter("latents", Beginning.normal(1), size.latents(), size.width());
        for (int i = 0; i < size.layers(); i++) {
            layers.add(new Layer(source.at("blocks").at(i), size));
        }
        last = new LayerNorm(source.at("layer_norm"), size.width(), EPSILON);
    }

    @Override
    public int tokens() {
        return size.latents();
    }

    @Override
    public double flops(double tokens) {
        double inner = (double) size.heads() * size.headWidth();
        double keys = tokens + size.latents();
        return size.layers()
                * (2 * size.width() * inner * (2 * size.latents() + 2 * keys)
                        + CrossAttention.flops(size.latents(), keys, inner)
                        + 4.0 * size.latents() * size.width() * size.hidden());
    }

    @Override
    public Tensor apply(Tensor tokens) {
        var x = latents.to(tokens.dtype()).unsqueeze(0).expand(tokens.size(0), -1, -1); // [B, latents, C]
        for (var layer : layers) {
            x = layer.apply(x, tokens);
        }
        return last.apply(x);
    }

    private static final class Layer {

        private final int heads;
        private final LayerNorm contextNorm;
        private final LayerNorm latentsNorm;
        private final Linear query;
        private final Linear key;
        private final Linear value;
        private final Linear output;
        private final LayerNorm mlpNorm;
        private final Linear up;
        private final Linear down;

        Layer(ParameterSource source, Size size) {
            heads = size.heads();
            int width = size.width();
            long inner = (long) heads * size.headWidth();
            var attention = source.at(0);
            var linear = attention.beginning(Beginning.normal(DEVIATION));
            contextNorm = new LayerNorm(attention.at("context_layer_norm"), width, EPSILON);
            latentsNorm = new LayerNorm(attention.at("latents_layer_norm"), width, EPSILON);
            query = Linear.withoutBias(linear.at("q_proj"), width, inner);
            key = Linear.withoutBias(linear.at("k_proj"), width, inner);
            value = Linear.withoutBias(linear.at("v_proj"), width, inner);
            output = Linear.withoutBias(linear.at("output_proj"), inner, width);
            var mlp = source.at(1);
            mlpNorm = new LayerNorm(mlp.at("ln"), width, EPSILON);
            up = Linear.withoutBias(mlp.at("fc").beginning(Beginning.normal(DEVIATION)), width, size.hidden());
            down = Linear.withoutBias(mlp.at("c_proj").beginning(Beginning.normal(DEVIATION)), size.hidden(), width);
        }

        Tensor apply(Tensor x, Tensor tokens) {
            var normed = latentsNorm.apply(x);
            var seen = Tensors.cat(List.of(contextNorm.apply(tokens), normed), 1); // [B, N + latents, C]
            var mixed = CrossAttention.mix(query.apply(normed), key.apply(seen), value.apply(seen), heads);
            x = x.plus(output.apply(mixed));
            return x.plus(down.apply(up.apply(mlpNorm.apply(x)).atLeast(0)));
        }
    }
}
