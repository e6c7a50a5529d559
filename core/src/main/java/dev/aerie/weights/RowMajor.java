package dev.aerie.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// Writes the elements of a tensor one after the other in row-major order, whatever its strides.
final class RowMajor {

    private static final int CHUNK = 1 << 20;

    private RowMajor() {}

    static void write(StoredTensor tensor, WritableByteChannel out) throws IOException {
        if (tensor.isContiguous()) {
            write(tensor.data(), out);
        } else {
            gather(tensor, out);
        }
    }

    static void write(MemorySegment elements, WritableByteChannel out) throws IOException {
        for (var at = 0L; at < elements.byteSize(); at += CHUNK) {
            var chunk = elements.asSlice(at, Math.min(CHUNK, elements.byteSize() - at));
            writeAll(chunk.asByteBuffer(), out);
        }
    }

    /// Walks the index like an odometer and copies element by element.
    private static void gather(StoredTensor tensor, WritableByteChannel out) throws IOException {
        var shape = tensor.shape();
        var strides = tensor.strides();
        var bytes = tensor.dtype().bytes();
        var index = new long[shape.length];
        var buffer = ByteBuffer.allocate(CHUNK);
        var target = MemorySegment.ofBuffer(buffer);
        var element = 0L;
        for (var left = tensor.elements(); left > 0; left--) {
            MemorySegment.copy(tensor.data(), element * bytes, target, buffer.position(), bytes);
            buffer.position(buffer.position() + bytes);
            if (!buffer.hasRemaining()) {
                writeAll(buffer.flip(), out);
                buffer.clear();
            }
            for (var axis = shape.length - 1; axis >= 0; axis--) {
                element += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                element -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        writeAll(buffer.flip(), out);
    }

    static void writeAll(ByteBuffer buffer, WritableByteChannel out) throws IOException {
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }
}
