package dev.aerie.nn;

import dev.aerie.tensor.Tensor;

/// What happens between block `i` and block `i + 1` of a [Stack]: nothing, or a fusion that works inside an encoder or
/// a decoder, or a look at the hidden states.
@FunctionalInterface
public interface Between {

    Between NOTHING = (block, hidden) -> hidden;

    /// Takes the output of block `block` and returns what the next block gets.
    Tensor after(int block, Tensor hidden);

    /// Is shown a named intermediate result outside the blocks, such as the patch embedding.
    default void stage(String name, Tensor value) {}
}
