package dev.aerie.language;

import dev.aerie.nn.Heads;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.RmsNorm;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;

/// One layer of the decoder: `x += attention(norm(x)); x += down(silu(gate(norm(x))) · up(norm(x)))`.
final class LlamaBlock {

    private final LlamaConfig config;
    private final int layer;
    private final RmsNorm attentionNorm;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final RmsNorm mlpNorm;
    private final Linear gate;
    private final Linear up;
    private final Linear down;

    LlamaBlock(ParameterSource source, LlamaConfig config, int layer) {
        this.config = config;
        this.layer = layer;
        long hidden = config.hidden();
        long queries = (long) config.heads() * config.headWidth();
        long keys = (long) config.kvHeads() * config.headWidth();
        var attention = source.at("self_attn");
        query = linear(attention.at("q_proj"), hidden, queries, config.attentionBias());
        key = linear(attention.at("k_proj"), hidden, keys, config.attentionBias());
        value = linear(attention.at("v_proj"), hidden, keys, config.attentionBias());
        output = linear(attention.at("o_proj"), queries, hidden, config.attentionBias());
        var mlp = source.at("mlp");
        gate = linear(mlp.at("gate_proj"), hidden, config.mlp(), config.mlpBias());
        up = linear(mlp.at("up_proj"), hidden, config.mlp(), config.mlpBias());
        down = linear(mlp.at("down_proj"), config.mlp(), hidden, config.mlpBias());
        attentionNorm = new RmsNorm(source.at("input_layernorm"), hidden, config.rmsEpsilon());
        mlpNorm = new RmsNorm(source.at("post_attention_layernorm"), hidden, config.rmsEpsilon());
    }

    private static Linear linear(ParameterSource source, long in, long out, boolean bias) {
        return bias ? new Linear(source, in, out) : Linear.withoutBias(source, in, out);
    }

    /// `[B, T, C]` to `[B, T, C]`.
    Tensor apply(Tensor x, Step step) {
        x = x.plus(attend(attentionNorm.apply(x), step));
        var normed = mlpNorm.apply(x);
        return x.plus(down.apply(Functional.gate(Functional.silu(gate.apply(normed)), up.apply(normed))));
    }

    private Tensor attend(Tensor x, Step step) {
        var q = Rope.rotate(Heads.split(query.apply(x), config.heads()), step.angles()); // [B, H, T, D]
        var k = Rope.rotate(Heads.split(key.apply(x), config.kvHeads()), step.angles()); // [B, kvH, T, D]
        var v = Heads.split(value.apply(x), config.kvHeads());
        var mixed = step.attend(layer, q, k, v, 1 / Math.sqrt(config.headWidth())); // [B, T, H·D]
        return output.apply(mixed.to(x.dtype()));
    }
}
