package dev.aerie.weights;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;

/// A tensor to be written: what the header says of it, and who writes its bytes when their turn comes. Nothing is
/// held in memory before.
///
/// @param shape sizes, outermost first; empty for a scalar
@SuppressWarnings("ArrayRecordComponent")
public record TensorSource(String name, DType dtype, long[] shape, Body body) {

    /// Writes the elements of one tensor.
    @FunctionalInterface
    public interface Body {

        /// Writes all elements in row-major order, little-endian: neither fewer nor more bytes than the shape
        /// has.
        void writeTo(WritableByteChannel out) throws IOException;
    }

    /// @throws AerieException if a size is negative, or the bytes do not fit a `long`
    public TensorSource {
        shape = shape.clone();
        if (!Layout.isPossible(shape, dtype.bytes())) {
            throw new AerieException("Writing tensor " + Fault.quoted(name) + ": the shape " + Layout.text(shape)
                    + " is impossible; sizes must not be negative, nor their bytes exceed 2^63");
        }
    }

    /// A tensor whose elements lie in memory, in row-major order.
    public static TensorSource of(String name, DType dtype, long[] shape, MemorySegment elements) {
        return new TensorSource(name, dtype, shape, out -> RowMajor.write(elements, out));
    }

    /// A tensor of another file, which must stay open until it is written. Strides are resolved.
    public static TensorSource of(StoredTensor tensor) {
        return new TensorSource(tensor.name(), tensor.dtype(), tensor.shape(), out -> RowMajor.write(tensor, out));
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /// Bytes of all elements.
    public long bytes() {
        return Layout.elements(shape) * dtype.bytes();
    }
}
