package dev.aerie.fusion;

import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// What pictures became.
///
/// @param tokens `[P, N, C]` of P pictures: what stands in the decoder's row in a picture's place
/// @param beside what a fusion that works inside the decoder reads there again, each `[P, …]`; empty in most
public record Seen(Tensor tokens, List<Tensor> beside) {

    public Seen {
        beside = List.copyOf(beside);
    }

    public static Seen of(Tensor tokens) {
        return new Seen(tokens, List.of());
    }

    /// Several pictures in one, where each has as many tokens as the others.
    public static Seen join(List<Seen> all) {
        var first = all.getFirst();
        if (all.size() == 1) {
            return first;
        }
        var beside = new ArrayList<Tensor>();
        for (int i = 0; i < first.beside.size(); i++) {
            int index = i;
            beside.add(
                    Tensors.cat(all.stream().map(seen -> seen.beside.get(index)).toList(), 0));
        }
        return new Seen(Tensors.cat(all.stream().map(Seen::tokens).toList(), 0), beside);
    }

    /// Picture `index` alone.
    public Seen picture(int index) {
        return each(tensor -> tensor.narrow(0, index, 1));
    }

    /// Visual tokens per picture.
    public int count() {
        return Math.toIntExact(tokens.size(1));
    }

    public Seen withTokens(Tensor other) {
        return new Seen(other, beside);
    }

    /// Takes all tensors out of every scope, until [#close].
    public Seen retain() {
        return each(Tensor::retain);
    }

    public void close() {
        each(tensor -> {
            tensor.close();
            return tensor;
        });
    }

    private Seen each(UnaryOperator<Tensor> step) {
        return new Seen(step.apply(tokens), beside.stream().map(step).toList());
    }
}
