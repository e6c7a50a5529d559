package dev.aerie.weights;

import dev.aerie.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A file of PyTorch's `torch.save`, as a zip archive or as the stream of versions before 1.6. Its pickle is read
/// by a machine of ours that calls nothing (see [Unpickler]); nested dictionaries become names with dots.
public final class TorchFile implements WeightFile {

    /// The bytes that the file keeps under a storage's key: all of them, mapped or inflated.
    interface Storages {
        MemorySegment bytes(String key);
    }

    private final MappedFile file;
    private final StateDict state;
    private final Storages storages;

    TorchFile(MappedFile file, StateDict state, Storages storages) {
        this.file = file;
        this.state = state;
        this.storages = storages;
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public List<String> names() {
        return List.copyOf(state.tensors().keySet());
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        return Optional.ofNullable(state.tensors().get(name)).map(tensor -> {
            var bytes = storages.bytes(tensor.storage().key());
            var data = bytes.asSlice(tensor.start(), tensor.reach());
            return new StoredTensor(name, dtype(tensor), tensor.shape(), tensor.strides(), data, path());
        });
    }

    @Override
    public Optional<TensorHeader> header(String name) {
        return Optional.ofNullable(state.tensors().get(name))
                .map(tensor -> new TensorHeader(name, dtype(tensor), tensor.shape(), path()));
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    /// The outermost keys that hold named tensors, such as `model` or `ema_state`; none in a plain state dict.
    /// Their tensors are found with [#under].
    public List<String> sections() {
        return List.copyOf(state.sections());
    }

    /// Everything in the file that is no tensor of a type known here, by its name, as text.
    public Map<String, String> leaves() {
        return Collections.unmodifiableMap(state.leaves());
    }

    private static DType dtype(TorchTensor tensor) {
        return tensor.type().dtype().orElseThrow();
    }

    @Override
    public void close() {
        file.close();
    }
}
