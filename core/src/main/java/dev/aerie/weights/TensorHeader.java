package dev.aerie.weights;

import dev.aerie.tensor.DType;
import java.nio.file.Path;

/// What a file says about a tensor: enough to list it, nothing that would read its bytes.
@SuppressWarnings("ArrayRecordComponent")
public record TensorHeader(String name, DType dtype, long[] shape, Path file) {

    public TensorHeader {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /// Number of elements.
    public long elements() {
        return Layout.elements(shape);
    }

    /// Bytes of all elements.
    public long bytes() {
        return Math.multiplyExact(elements(), (long) dtype.bytes());
    }

    /// The shape as people write it: `[1024, 3, 14, 14]`.
    public String shapeText() {
        return Layout.text(shape);
    }
}
