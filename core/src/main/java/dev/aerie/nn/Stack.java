package dev.aerie.nn;

import dev.aerie.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A row of blocks, each of which maps a tensor to one of the same shape. Memory of a block is freed when it ends.
public final class Stack {

    /// Makes block `index` from its parameters.
    @FunctionalInterface
    public interface Maker {
        UnaryOperator<Tensor> make(int index, ParameterSource block);
    }

    private final List<UnaryOperator<Tensor>> blocks = new ArrayList<>();

    /// Makes `n` blocks from `source.0`, `source.1`, ….
    public Stack(ParameterSource source, int n, Maker maker) {
        for (int i = 0; i < n; i++) {
            blocks.add(maker.make(i, source.at(i)));
        }
    }

    public int size() {
        return blocks.size();
    }

    public Tensor apply(Tensor x, Between between) {
        return apply(x, blocks.size(), between);
    }

    /// The output of the first `n` blocks.
    public Tensor apply(Tensor x, int n, Between between) {
        for (int i = 0; i < n; i++) {
            x = between.run(i, blocks.get(i), x);
        }
        return x;
    }
}
