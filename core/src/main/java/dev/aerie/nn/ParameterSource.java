package dev.aerie.nn;

import dev.aerie.tensor.Tensor;
import java.util.Optional;

/// Where a layer gets its tensors from, by the official names. A layer's constructor asks for what it needs; the same
/// constructor therefore loads a checkpoint, makes fresh weights or lists what a checkpoint must hold.
///
/// A source stands at a place in the tree of names; [#at] goes one step down.
public interface ParameterSource {

    /// The tensor `name` of exactly this shape.
    ///
    /// @throws dev.aerie.AerieException where a checkpoint lacks it or holds another shape
    Tensor parameter(String name, long... shape);

    /// The same; a source that makes up its tensors lets this one begin as its layer's authors published.
    default Tensor parameter(String name, Beginning beginning, long... shape) {
        return parameter(name, shape);
    }

    /// This source with a beginning of its own for matrices and kernels, and zeros for biases.
    default ParameterSource beginning(Beginning weights) {
        return beginning(weights, Beginning.ZEROS);
    }

    default ParameterSource beginning(Beginning weights, Beginning biases) {
        return new Begun(this, weights, biases);
    }

    /// Says that checkpoints hold a parameter of this name that the forward pass does not use.
    void unused(String name, long... shape);

    /// Says that checkpoints may hold a tensor of this name that is computed here and not learned.
    void buffer(String name, long... shape);

    /// The shape stored under `name`; empty where nothing is stored, as in sources that make up their tensors.
    Optional<long[]> stored(String name);

    /// Whether tensors come from a checkpoint, whose shapes then say how large a part is; else the caller says it.
    boolean isStored();

    /// The same of the tensors whose names begin with `prefix`, where parts come from different places.
    default boolean isStored(String prefix) {
        return isStored();
    }

    /// The change that the linear layer with the weight `name` `[out, in]` learns beside it, if any.
    default Optional<LowRank> adapter(String name, long in, long out) {
        return Optional.empty();
    }

    /// The source one step down: `source.at("mlp").parameter("fc1.weight", …)` is `mlp.fc1.weight`.
    default ParameterSource at(String prefix) {
        return new Prefixed(this, prefix + ".");
    }

    default ParameterSource at(int index) {
        return at(Integer.toString(index));
    }

    /// How many of `prefix.0.suffix`, `prefix.1.suffix`, … are stored.
    default int count(String prefix, String suffix) {
        int n = 0;
        while (stored(prefix + "." + n + "." + suffix).isPresent()) {
            n++;
        }
        return n;
    }
}
