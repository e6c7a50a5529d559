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
            var step = Step.of(config, cache, tokens);
            for (int i = 0; i < blocks.size(); i++) {
                var block = blocks.get(i);
                var input = x;
                int index = i;
                x = TensorScope.compute(() -> between.after(index, block.apply(input, cache, step)));
            }
            cache.advance(tokens);
            return scope.keep(last.apply(x));
        }
    }

    /// Scores over the vocabulary, float32 `[…, V]`, of hidden states `[…, C]`.
    public Tensor logits(Tensor hidden) {
        return head.apply(hidden).to(DType.F32);
    }
}
