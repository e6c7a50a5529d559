package dev.aerie.language;

import dev.aerie.nn.Between;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.RmsNorm;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/// A Llama-family decoder (`transformers` names). A pure function of its weights; what changes is in the [KvCache].
public final class Llama {

    private final LlamaConfig config;
    private final Tensor embedding;
    private final List<LlamaBlock> blocks = new ArrayList<>();
    private final RmsNorm last;
    private final Linear head;

    /// @param source at the root of the checkpoint's names: `model.…` and `lm_head.…`
    public Llama(ParameterSource source, LlamaConfig config) {
        this.config = config;
        var model = source.at("model");
        embedding = model.parameter("embed_tokens.weight", config.vocabulary(), config.hidden());
        for (int i = 0; i < config.layers(); i++) {
            blocks.add(new LlamaBlock(model.at("layers").at(i), config, i));
        }
        last = new RmsNorm(model.at("norm"), config.hidden(), config.rmsEpsilon());
        head = config.tied()
                ? Linear.of(embedding, null)
                : Linear.withoutBias(source.at("lm_head"), config.hidden(), config.vocabulary());
    }

    public LlamaConfig config() {
        return config;
    }

    /// The embeddings `[…, C]` of token ids, in the checkpoint's type.
    public Tensor embed(Tensor ids) {
        return Functional.embedding(ids, embedding);
    }

    /// Runs new tokens `[B, T, C]` behind those in the cache and returns their hidden states after the last norm.
    ///
    /// @param between is called between the layers
    public Tensor forward(Tensor x, KvCache cache, Between between) {
        int tokens = Math.toIntExact(x.size(1));
        cache.reserve(tokens);
        try (var scope = TensorScope.open()) {
            var hidden = scope.keep(forward(x, CachedStep.of(config, cache, tokens), between));
            cache.advance(tokens);
            return hidden;
        }
    }

    /// Runs whole sequences `[B, T, C]` without a cache and returns their hidden states after the last norm.
    ///
    /// @param rows    what each token sees
    /// @param between is called between the layers
    public Tensor forward(Tensor x, Rows rows, Between between) {
        return forward(x, rows.step(config), between);
    }

    private Tensor forward(Tensor x, Step step, Between between) {
        for (int i = 0; i < blocks.size(); i++) {
            var block = blocks.get(i);
            x = between.run(i, input -> block.apply(input, step), x);
        }
        return last.apply(x);
    }

    /// Scores over the vocabulary, float32 `[…, V]`, of hidden states `[…, C]`.
    public Tensor logits(Tensor hidden) {
        return head.apply(hidden).to(DType.F32);
    }
}
