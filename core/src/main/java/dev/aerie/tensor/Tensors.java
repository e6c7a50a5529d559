package dev.aerie.tensor;

import dev.aerie.AerieException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Tensors from memory, memory from tensors, and tensors joined.
public final class Tensors {

    private Tensors() {}

    /// A tensor over memory that somebody else owns and that must outlive it, without a copy. `strides` in elements.
    public static Tensor over(MemorySegment memory, DType dtype, long[] shape, long[] strides) {
        return Native.call(
                "from_blob", () -> torch.from_blob(new Address(memory), shape, strides, Types.options(dtype)));
    }

    static Tensor copyOf(MemorySegment values, DType dtype, long... shape) {
        long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (elements * dtype.bytes() != values.byteSize()) {
            throw new AerieException("cannot make " + dtype + Arrays.toString(shape) + " of "
                    + values.byteSize() / dtype.bytes() + " values: " + elements + " are needed");
        }
        var tensor = Tensor.empty(dtype, shape);
        tensor.segment().copyFrom(values);
        return tensor;
    }

    static MemorySegment span(Tensor tensor) {
        var strides = tensor.strides();
        long last = 0;
        for (int i = 0; i < strides.length; i++) {
            last += (tensor.size(i) - 1) * strides[i];
        }
        long bytes = tensor.elements() == 0 ? 0 : (last + 1) * tensor.dtype().bytes();
        return MemorySegment.ofAddress(tensor.raw().data_ptr().address()).reinterpret(bytes);
    }

    static MemorySegment segment(Tensor tensor) {
        if (!tensor.isContiguous()) {
            throw new AerieException("cannot read the memory of " + tensor.describe() + ": it is not contiguous");
        }
        long bytes = tensor.elements() * tensor.dtype().bytes();
        return MemorySegment.ofAddress(tensor.raw().data_ptr().address()).reinterpret(bytes);
    }

    public static Tensor cat(List<Tensor> parts, int dim) {
        return Native.call("cat", () -> torch.cat(vector(parts), dim), parts.toArray(Tensor[]::new));
    }

    public static Tensor stack(List<Tensor> parts, int dim) {
        return Native.call("stack", () -> torch.stack(vector(parts), dim), parts.toArray(Tensor[]::new));
    }

    private static TensorVector vector(List<Tensor> parts) {
        return new TensorVector(parts.stream().map(Tensor::raw).toArray(org.bytedeco.pytorch.Tensor[]::new));
    }
}
