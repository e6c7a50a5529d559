package dev.aerie.weights;

import dev.aerie.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A tensor as it lies in a file.
///
/// `data` begins at the first element and ends with the last that the strides reach. It is read-only memory
/// mapped from the file (only a compressed entry is copied), valid until the file or checkpoint is closed,
/// little-endian, and aligned only as well as the file aligns it: read it with unaligned layouts.
///
/// @param shape   sizes, outermost first; empty for a scalar
/// @param strides steps in elements, one per size, never negative; an AerieException tells when they leave `data`
@SuppressWarnings("ArrayRecordComponent")
public record StoredTensor(String name, DType dtype, long[] shape, long[] strides, MemorySegment data, Path file) {

    public StoredTensor {
        shape = shape.clone();
        strides = strides.clone();
        if (shape.length != strides.length || Layout.reach(shape, strides) > data.byteSize() / dtype.bytes()) {
            throw Fault.reading(
                    file,
                    "the tensor " + Fault.quoted(name) + " of shape " + Layout.text(shape) + " and strides "
                            + Layout.text(strides) + " reaches beyond its " + data.byteSize() + " bytes",
                    "correct the shape or the strides");
        }
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public long[] strides() {
        return strides.clone();
    }

    /// Number of elements.
    public long elements() {
        return Layout.elements(shape);
    }

    /// Bytes of all elements, which for a tensor that repeats its storage are more than `data` has.
    public long bytes() {
        return Math.multiplyExact(elements(), (long) dtype.bytes());
    }

    /// Whether the elements lie one after the other in row-major order.
    public boolean isContiguous() {
        return Layout.isContiguous(shape, strides);
    }

    /// The shape as people write it: `[1024, 3, 14, 14]`.
    public String shapeText() {
        return Layout.text(shape);
    }

    /// The same tensor under another name.
    public StoredTensor named(String other) {
        return new StoredTensor(other, dtype, shape, strides, data, file);
    }
}
