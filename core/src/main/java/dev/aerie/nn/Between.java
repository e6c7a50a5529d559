package dev.aerie.nn;

import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import java.util.function.UnaryOperator;

/// What happens between block `i` and block `i + 1` of a [Stack]: nothing, or a fusion that works inside an encoder or
/// a decoder, or a look at the hidden states.
@FunctionalInterface
public interface Between {

    Between NOTHING = (block, hidden) -> hidden;

    /// Takes the output of block `block` and returns what the next block gets.
    Tensor after(int block, Tensor hidden);

    /// Takes what block `block` is about to get and returns what it gets instead.
    default Tensor before(int block, Tensor hidden) {
        return hidden;
    }

    /// What happens between the smaller blocks that a block of this one is made of (ConvNeXt's stages have such).
    default Between within() {
        return NOTHING;
    }

    /// Runs block `block` on `x` and then [#after]; memory of the block is freed when it ends. Training overrides this
    /// to forget what happens inside and to compute it again when gradients ask for it.
    default Tensor run(int block, UnaryOperator<Tensor> body, Tensor x) {
        return TensorScope.compute(() -> after(block, body.apply(before(block, x))));
    }

    /// A tensor that several blocks read beside their own input. Training overrides this to gather their gradients
    /// before they go on to what made the tensor.
    default Tensor share(Tensor tensor) {
        return tensor;
    }

    /// This around `inner`: what `inner` does belongs to the blocks that this runs.
    default Between with(Between inner) {
        return inner == NOTHING ? this : new Around(this, inner);
    }

    /// Is shown a named intermediate result outside the blocks, such as the patch embedding.
    default void stage(String name, Tensor value) {}
}
