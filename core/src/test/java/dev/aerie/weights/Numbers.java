package dev.aerie.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;

/// Reads what tests compare: the elements of a stored tensor as bytes and as numbers.
final class Numbers {

    private Numbers() {}

    /// All elements in row-major order.
    static byte[] rowMajor(StoredTensor tensor) {
        var out = new ByteArrayOutputStream();
        try {
            RowMajor.write(tensor, Channels.newChannel(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// Touches each mapped byte.
    static long sumOfBytes(StoredTensor tensor) {
        var sum = 0L;
        for (var at = 0L; at < tensor.data().byteSize(); at++) {
            sum += tensor.data().get(JAVA_BYTE, at);
        }
        return sum;
    }

    static double[] values(StoredTensor tensor) {
        var bytes = ByteBuffer.wrap(rowMajor(tensor)).order(ByteOrder.LITTLE_ENDIAN);
        var values = new double[Math.toIntExact(tensor.elements())];
        for (var i = 0; i < values.length; i++) {
            values[i] = switch (tensor.dtype()) {
                case F64 -> bytes.getDouble();
                case F32 -> bytes.getFloat();
                case F16 -> Float.float16ToFloat(bytes.getShort());
                case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
                case I64 -> bytes.getLong();
                case I32 -> bytes.getInt();
                default -> throw new IllegalArgumentException("no numbers of type " + tensor.dtype());
            };
        }
        return values;
    }
}
