package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.RmsNorm;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;

/// Flamingo's gated cross-attention layer (arXiv 2204.14198, §3.1.2), as IDEFICS has it for Llama (its names): words
/// look at a picture, then an MLP; both branches are added through `tanh(α)`, α beginning at 0, so that a new layer
/// changes nothing.
public final class GatedCrossAttention {

    private final int heads;
    private final RmsNorm norm;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final Tensor attentionGate;
    private final RmsNorm mlpNorm;
    private final Linear gate;
    private final Linear up;
    private final Linear down;
    private final Tensor mlpGate;

    /// @param decoder whose layers this stands between
    /// @param picture channels of the picture's tokens
    public GatedCrossAttention(ParameterSource source, DecoderShape decoder, int picture) {
        heads = decoder.heads();
        int hidden = decoder.hidden();
        var weights = Beginning.normal(0.02);
        norm = new RmsNorm(source.at("input_layernorm"), hidden, decoder.epsilon());
        var attention = source.at("cross_attn").beginning(weights);
        query = Linear.withoutBias(attention.at("q_proj"), hidden, hidden);
        key = Linear.withoutBias(attention.at("k_proj"), picture, hidden);
        value = Linear.withoutBias(attention.at("v_proj"), picture, hidden);
        output = Linear.withoutBias(attention.at("o_proj"), hidden, hidden);
        mlpNorm = new RmsNorm(source.at("post_attention_layernorm"), hidden, decoder.epsilon());
        var mlp = source.at("mlp").beginning(weights);
        gate = Linear.withoutBias(mlp.at("gate_proj"), hidden, decoder.mlp());
        up = Linear.withoutBias(mlp.at("up_proj"), hidden, decoder.mlp());
        down = Linear.withoutBias(mlp.at("down_proj"), decoder.mlp(), hidden);
        attentionGate = source.parameter("alpha_cross_attn", Beginning.ZEROS, 1, 1, hidden);
        mlpGate = source.parameter("alpha_dense", Beginning.ZEROS, 1, 1, hidden);
    }

    /// Operations for one position of a row beside the picture, and for a picture's `tokens` tokens.
    static double flops(DecoderShape decoder, double picture, double tokens, double positions) {
        double hidden = decoder.hidden();
        return positions * (4 * hidden * hidden + 6 * hidden * decoder.mlp())
                + CrossAttention.flops(positions, tokens, hidden)
                + 4 * tokens * picture * hidden;
    }

    /// @param x       `[B, T, hidden]`
    /// @param picture `[B, N, picture]` that all T see
    public Tensor look(Tensor x, Tensor picture) {
        var q = query.apply(norm.apply(x));
        var seen = output.apply(CrossAttention.mix(q, key.apply(picture), value.apply(picture), heads));
        return x.plus(seen.times(attentionGate.to(x.dtype()).tanh()));
    }

    /// The second half, for positions that have looked and for those that have nothing to look at.
    public Tensor think(Tensor x) {
        var normed = mlpNorm.apply(x);
        var hidden = down.apply(Functional.gate(Functional.silu(gate.apply(normed)), up.apply(normed)));
        return x.plus(hidden.times(mlpGate.to(x.dtype()).tanh()));
    }
}
