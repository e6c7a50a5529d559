package dev.aerie.language;

/// The sizes and constants of a Llama-family decoder, as its `config.json` gives them.
///
/// @param hidden       channels between the layers
/// @param heads        query heads
/// @param kvHeads      key and value heads; fewer than `heads` in grouped-query attention
/// @param headWidth    channels of a head
/// @param mlp          hidden width of the gated MLP
/// @param vocabulary   rows of the embedding
/// @param rope         how positions turn queries and keys
/// @param maxPositions the context the model takes, in tokens
/// @param tied         whether the output layer shares the embedding's weights
/// @param attentionBias whether the attention's four layers have biases
/// @param mlpBias      whether the MLP's three layers have biases
public record LlamaConfig(
        int hidden,
        int layers,
        int heads,
        int kvHeads,
        int headWidth,
        int mlp,
        int vocabulary,
        double rmsEpsilon,
        Rope rope,
        int maxPositions,
        boolean tied,
        boolean attentionBias,
        boolean mlpBias) {

    /// lmsys/vicuna-7b-v1.5
    public static final LlamaConfig VICUNA_7B = llama2(4096, 32, 32, 32, 11008, 32000, 10_000, 4096);
    /// lmsys/vicuna-13b-v1.5
    public static final LlamaConfig VICUNA_13B = llama2(5120, 40, 40, 40, 13824, 32000, 10_000, 4096);
    /// meta-llama/Meta-Llama-3-8B-Instruct with the pad token that Eagle adds
    public static final LlamaConfig LLAMA3_8B = llama2(4096, 32, 32, 8, 14336, 128257, 500_000, 8192);
    /// NousResearch/Nous-Hermes-2-Yi-34B
    public static final LlamaConfig YI_34B = llama2(7168, 60, 56, 8, 20480, 64000, 5_000_000, 4096);

    /// The same with another number of embeddings.
    public LlamaConfig withVocabulary(int rows) {
        return with(layers, rows);
    }

    /// The same with another number of layers.
    public LlamaConfig withLayers(int count) {
        return with(count, vocabulary);
    }

    private LlamaConfig with(int otherLayers, int otherVocabulary) {
        return new LlamaConfig(
                hidden,
                otherLayers,
                heads,
                kvHeads,
                headWidth,
                mlp,
                otherVocabulary,
                rmsEpsilon,
                rope,
                maxPositions,
                tied,
                attentionBias,
                mlpBias);
    }

    private static LlamaConfig llama2(
            int hidden, int layers, int heads, int kvHeads, int mlp, int vocabulary, double theta, int maxPositions) {
        int headWidth = hidden / heads;
        return new LlamaConfig(
                hidden,
                layers,
                heads,
                kvHeads,
                headWidth,
                mlp,
                vocabulary,
                1e-5,
                new Rope(headWidth, theta, Rope.Scaling.NONE),
                maxPositions,
                false,
                false,
                false);
    }
}
