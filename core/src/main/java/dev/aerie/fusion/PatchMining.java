package dev.aerie.fusion;

import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/// Mini-Gemini's patch-info mining (arXiv 2403.18814, §3.2; names `vlm_uni_…`): every token looks at the cells of finer
/// maps that lie where it does, with one head and no positions.
///
/// `E = softmax(W_q LN(X) · (W_k LN(A))ᵀ / √C) W_v LN(A)` over the token's window in all maps at once.
///
/// Norms and products act on each cell alone, so that windows are cut after them: the same numbers in a fraction of
/// the memory.
public final class PatchMining {

    private final NormedLinear query;
    private final List<NormedLinear> keys = new ArrayList<>();
    private final List<NormedLinear> values = new ArrayList<>();
    private final int width;

    /// @param width of the tokens
    /// @param maps  channels of each finer map. One has the published names, several are numbered
    public PatchMining(ParameterSource source, int width, List<Integer> maps) {
        this.width = width;
        query = NormedLinear.withBias(source.at("vlm_uni_query_projector"), width, width);
        for (int i = 0; i < maps.size(); i++) {
            keys.add(NormedLinear.withBias(numbered(source.at("vlm_uni_aux_projector"), i, maps), maps.get(i), width));
            values.add(
                    NormedLinear.withBias(numbered(source.at("vlm_uni_val_projector"), i, maps), maps.get(i), width));
        }
    }

    static ParameterSource numbered(ParameterSource source, int index, List<Integer> maps) {
        return maps.size() == 1 ? source : source.at(index);
    }

    /// What is mined.
    ///
    /// @param tokens `[B, n², C]`
    /// @param maps   tokens `[B, (n·m)², C_i]` of each finer map, square
    /// @return `[B, n², C]`, to be added to the tokens
    public Tensor apply(Tensor tokens, List<Tensor> maps) {
        int n = side(tokens);
        var k = new ArrayList<Tensor>();
        var v = new ArrayList<Tensor>();
        for (int i = 0; i < maps.size(); i++) {
            int m = side(maps.get(i)) / n;
            k.add(Neighbourhoods.cut(keys.get(i).apply(maps.get(i)), n, m)); // [B, n², m², C]
            v.add(Neighbourhoods.cut(values.get(i).apply(maps.get(i)), n, m));
        }
        var q = query.apply(tokens).times(1 / Math.sqrt(width)).unsqueeze(2); // [B, n², 1, C]
        var weights = q.matmul(Tensors.cat(k, 2).transpose(2, 3)).softmax(3); // [B, n², 1, Σm²]
        return weights.matmul(Tensors.cat(v, 2)).squeeze(2);
    }

    private static int side(Tensor tokens) {
        return (int) Math.round(Math.sqrt(tokens.size(1)));
    }
}
