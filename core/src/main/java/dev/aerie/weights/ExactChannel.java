package dev.aerie.weights;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/// Takes the bytes of one tensor, and not one more than its shape has.
final class ExactChannel implements WritableByteChannel {

    private final Path file;
    private final TensorSource tensor;
    private final WritableByteChannel out;
    private long left;

    private ExactChannel(Path file, TensorSource tensor, WritableByteChannel out) {
        this.file = file;
        this.tensor = tensor;
        this.out = out;
        this.left = tensor.bytes();
    }

    /// Writes all of the tensor to `out`, which ends up in `file`.
    static void write(Path file, TensorSource tensor, WritableByteChannel out) throws IOException {
        var channel = new ExactChannel(file, tensor, out);
        tensor.body().writeTo(channel);
        if (channel.left > 0) {
            throw channel.fault("wrote " + channel.left + " bytes too few");
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (source.remaining() > left) {
            throw fault("wrote too many bytes");
        }
        var written = out.write(source);
        left -= written;
        return written;
    }

    @Override
    public boolean isOpen() {
        return out.isOpen();
    }

    /// The file goes on after this tensor.
    @Override
    public void close() {}

    private AerieException fault(String problem) {
        return Fault.writing(
                file,
                "the source of tensor " + Fault.quoted(tensor.name()) + " with shape " + Layout.text(tensor.shape())
                        + " and type " + tensor.dtype() + " " + problem,
                "correct the shape or the source");
    }
}
