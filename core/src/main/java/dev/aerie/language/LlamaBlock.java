package dev.aerie.language;

import dev.aerie.nn.Heads;
import dev.aerie.nn.Linear;
import dev.aerie.nn.Mixing;
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

    /// `[B, T, C]` to `[B, T, C]`; the new keys and values go into the cache.
    Tensor apply(Tensor x, KvCache cache, Step step) {
        x = x.plus(attend(attentionNorm.apply(x), cache, step));
        var normed = mlpNorm.apply(x);
        return x.plus(down.apply(Functional.silu(gate.apply(normed)).timesInPlace(up.apply(normed))));
    }

    private Tensor attend(Tensor x, KvCache cache, Step step) {
        var q = Rope.rotate(Heads.split(query.apply(x), config.heads()), step.angles()); // [B, H, T, D]
        var k = Rope.rotate(Heads.split(key.apply(x), config.kvHeads()), step.angles()); // [B, kvH, T, D]
        cache.append(layer, k, Heads.split(value.apply(x), config.kvHeads()));
        int seen = cache.length() + Math.toIntExact(x.size(1));
        double scale = 1 / Math.sqrt(config.headWidth());
        if (x.size(1) == 1 && cache.attendsInPlace()) {
            return output.apply(Heads.join(cache.attend(layer, q, seen, scale)));
        }
        if (step.causal() && Mixing.canMix(q, cache.keys(layer, seen), cache.values(layer, seen))) {
            var keys = cache.keys(layer, seen).transpose(1, 2); // [B, S, kvH, D]
            var values = cache.values(layer, seen).transpose(1, 2);
            return output.apply(Mixing.mixCausally(q.transpose(1, 2), keys, values, scale));
        }
        var mixed = Functional.attention(
                q, cache.keys(layer, seen), cache.values(layer, seen), step.mask(), step.causal(), scale);
        return output.apply(Heads.join(mixed));
    }
}
