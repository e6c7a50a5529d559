package dev.aerie.nn;

import dev.aerie.AerieException;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import dev.aerie.weights.Checkpoint;
import dev.aerie.weights.StoredTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A source that maps tensors from a checkpoint, without a copy and in the stored type. It remembers what was
/// asked for, so that the rest can be reported as unexpected. Closing it frees the tensors and the checkpoint;
/// no layer made from it may be used after that.
public final class CheckpointSource implements ParameterSource, AutoCloseable {

    private final Checkpoint checkpoint;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Tensor> mapped = new ArrayList<>();

    public CheckpointSource(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        known.add(name);
        var stored = checkpoint.find(name).orElseThrow(() -> missing(name, shape));
        if (!Arrays.equals(stored.shape(), shape)) {
            throw new AerieException("tensor " + name + " in " + stored.file() + " has shape " + stored.shapeText()
                    + ", but " + Arrays.toString(shape)
                    + " is needed; check that config.json belongs to these weights");
        }
        var tensor = map(stored).retain();
        mapped.add(tensor);
        return tensor;
    }

    private static Tensor map(StoredTensor stored) {
        return Tensors.over(stored.data(), stored.dtype(), stored.shape(), stored.strides());
    }

    private AerieException missing(String name, long[] shape) {
        return new AerieException(
                "checkpoint " + checkpoint.path() + " has no tensor " + name + " " + Arrays.toString(shape)
                        + "; check that config.json belongs to these weights and that all shards are there");
    }

    @Override
    public void unused(String name, long... shape) {
        known.add(name);
    }

    @Override
    public void buffer(String name, long... shape) {
        known.add(name);
    }

    @Override
    public Optional<long[]> stored(String name) {
        return checkpoint.find(name).map(StoredTensor::shape);
    }

    @Override
    public boolean isStored() {
        return true;
    }

    /// Where the checkpoint lies.
    public Path path() {
        return checkpoint.path();
    }

    /// The checkpoint's tensors that nothing asked for.
    public List<String> unexpected() {
        return checkpoint.names().stream().filter(name -> !known.contains(name)).toList();
    }

    @Override
    public void close() {
        mapped.forEach(Tensor::close);
        mapped.clear();
        checkpoint.close();
    }
}
