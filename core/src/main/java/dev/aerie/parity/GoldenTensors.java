package dev.aerie.parity;

import dev.aerie.AerieException;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.Arrays;

/// Expected tensors of a case, from a safetensors file.
public record GoldenTensors(Checkpoint file) implements AutoCloseable {

    /// Opens a file of expected tensors.
    public static GoldenTensors open(Path path) {
        return new GoldenTensors(Checkpoint.open(path));
    }

    /// Whether it holds a tensor of this name.
    public boolean has(String name) {
        return file.find(name).isPresent();
    }

    /// The tensor `name`, mapped from the file.
    public Tensor get(String name) {
        var stored = file.find(name)
                .orElseThrow(() -> new AerieException("golden file " + file.path() + " has no tensor " + name));
        return Tensors.over(stored.data(), stored.dtype(), stored.shape(), stored.strides());
    }

    /// Compares with the expected tensor `name`.
    public Measure compare(String name, Tensor actual, double tolerance) {
        var expected = get(name);
        return Arrays.equals(expected.shape(), actual.shape())
                ? Measure.of(name, largestDifference(expected, actual), tolerance)
                : Measure.failed(name, "expected " + expected.describe() + ", got " + actual.describe());
    }

    /// NaN where either holds one, so that no comparison passes by it.
    static double largestDifference(Tensor expected, Tensor actual) {
        return expected.minus(actual).abs().max().item();
    }

    @Override
    public void close() {
        file.close();
    }
}
