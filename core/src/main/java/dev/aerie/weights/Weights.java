package dev.aerie.weights;

import java.util.List;
import java.util.Optional;

/// Named tensors, wherever they lie: one file, the shards of a checkpoint, or a section of either.
public interface Weights {

    /// All tensor names, in the order in which the files hold them.
    List<String> names();

    /// The tensor of this name, or nothing where there is none.
    ///
    /// @throws dev.aerie.AerieException if the tensor's bytes are compressed and damaged
    Optional<StoredTensor> find(String name);

    /// Type and shape of the tensor of this name, without touching its bytes.
    Optional<TensorHeader> header(String name);

    /// Types and shapes of all tensors, in the order of [#names()], without touching their bytes.
    default List<TensorHeader> headers() {
        return names().stream().flatMap(name -> header(name).stream()).toList();
    }

    /// The tensors whose names begin with `prefix` and a dot, by the rest of their names: `under("ema_state")`
    /// finds `ema_state.head.weight` as `head.weight`. A tensor so found carries its short name.
    default Weights under(String prefix) {
        return new WeightsUnder(this, prefix + ".");
    }
}
