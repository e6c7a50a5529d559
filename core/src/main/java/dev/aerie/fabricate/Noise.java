package dev.aerie.fabricate;

import dev.aerie.nn.Manifest;
import dev.aerie.tensor.DType;
import dev.aerie.vision.Eva02;
import dev.aerie.vision.PlaneRope;
import dev.aerie.weights.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToLongFunction;
import java.util.regex.Pattern;

/// The contents of a random checkpoint, tensor by tensor. As with [dev.aerie.nn.Fresh], matrices are normal with
/// deviation 0.02, norms the identity, biases 0; layer scales are small, so that deep stacks stay tame, and rotary
/// tables are what they must be.
///
/// Numbers are drawn from a table of 65,536 normal ones by 16 bits of a counter's hash (SplitMix64), a chunk at a time
/// on all cores while earlier chunks are written. A chunk depends on seed, name and place alone.
final class Noise implements AutoCloseable {

    private static final double DEVIATION = 0.02;
    private static final double LAYER_SCALE = 0.01;
    private static final int TABLE = 1 << 16;
    private static final int CHUNK_BYTES = 8 << 20;

    /// ConvNeXt's layer scale is called `weight` directly in its block.
    private static final Pattern LAYER_SCALES =
            Pattern.compile(".*(stages\\.\\d+\\.blocks\\.\\d+\\.weight|lambda1|ls[12])");

    private static final Pattern ROPE = Pattern.compile(".*\\.freqs_(cos|sin)");

    private final DType dtype;
    private final long seed;
    private final Fabrication.Meter meter;
    private final int[] normal = new int[TABLE];
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final ExecutorService executor = Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("aerie-noise-", 0).factory());
    private final Queue<ByteBuffer> free = new ArrayDeque<>();

    Noise(DType dtype, long seed, Fabrication.Meter meter) {
        this.dtype = dtype;
        this.seed = seed;
        this.meter = meter;
        var random = new Random(0);
        for (int i = 0; i < TABLE; i++) {
            normal[i] = bits((float) (DEVIATION * random.nextGaussian()));
        }
        for (int i = 0; i <= threads; i++) {
            free.add(ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    /// The tensor that stands for an entry of a manifest.
    TensorSource tensor(Manifest.Entry entry) {
        var name = entry.name();
        var shape = entry.shape();
        long bytes = entry.elements() * dtype.bytes();
        TensorSource.Body body;
        if (ROPE.matcher(name).matches()) {
            body = out -> write(out, rope(name, shape));
        } else if (name.endsWith("bias")) {
            body = out -> write(out, bytes, _ -> 0);
        } else if (LAYER_SCALES.matcher(name).matches()) {
            body = out -> write(out, bytes, constant(LAYER_SCALE));
        } else if (shape.length == 1 && name.endsWith("weight")) {
            body = out -> write(out, bytes, constant(1));
        } else {
            body = out -> random(out, bytes, mix(seed * 31 + name.hashCode()));
        }
        return new TensorSource(name, dtype, shape, body);
    }

    private float[] rope(String name, long[] shape) {
        int side = (int) Math.sqrt(shape[0]);
        var rope = new PlaneRope(side, Eva02.ROTARY);
        return rope.table(name.endsWith("cos") ? Math::cos : Math::sin);
    }

    private void write(WritableByteChannel out, float[] values) throws IOException {
        var buffer = ByteBuffer.allocate(values.length * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            if (dtype.bytes() == 2) {
                buffer.putShort((short) bits(value));
            } else {
                buffer.putInt(bits(value));
            }
        }
        writeAll(out, buffer.flip());
    }

    /// Writes chunks that repeat one word.
    private void write(WritableByteChannel out, long bytes, IntToLongFunction word) throws IOException {
        var chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, bytes + Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < chunk.capacity() / Long.BYTES; i++) {
            chunk.putLong(word.applyAsLong(i));
        }
        for (long done = 0; done < bytes; done += chunk.limit()) {
            writeAll(out, chunk.clear().limit((int)
                    Math.min(chunk.capacity() / Long.BYTES * Long.BYTES, bytes - done)));
        }
    }

    private IntToLongFunction constant(double value) {
        long one = bits((float) value) & 0xffffffffL;
        long two = dtype.bytes() == 2 ? one << 16 | one : one;
        return _ -> two << 32 | two;
    }

    private void random(WritableByteChannel out, long bytes, long start) throws IOException {
        var pending = new ArrayDeque<Future<ByteBuffer>>();
        long submitted = 0;
        try {
            while (submitted < bytes || !pending.isEmpty()) {
                if (submitted < bytes && !free.isEmpty()) {
                    var buffer = free.remove();
                    int length = (int) Math.min(CHUNK_BYTES, bytes - submitted);
                    long counter = start + submitted / Long.BYTES;
                    pending.add(executor.submit(() -> fill(buffer, length, counter)));
                    submitted += length;
                } else {
                    var buffer = await(pending.remove());
                    writeAll(out, buffer);
                    free.add(buffer);
                }
            }
        } finally {
            pending.forEach(left -> free.add(await(left)));
        }
    }

    private ByteBuffer fill(ByteBuffer buffer, int length, long counter) {
        int words = Math.ceilDiv(length, Long.BYTES);
        buffer.clear();
        for (int i = 0; i < words; i++) {
            long draw = mix(counter + i);
            int a = normal[(int) draw & TABLE - 1];
            int b = normal[(int) (draw >>> 16) & TABLE - 1];
            long word;
            if (dtype.bytes() == 2) {
                int c = normal[(int) (draw >>> 32) & TABLE - 1];
                int d = normal[(int) (draw >>> 48)];
                word = a & 0xffffL | (b & 0xffffL) << 16 | (c & 0xffffL) << 32 | (long) d << 48;
            } else {
                word = a & 0xffffffffL | (long) b << 32;
            }
            buffer.putLong(i * Long.BYTES, word);
        }
        return buffer.limit(length);
    }

    private static ByteBuffer await(Future<ByteBuffer> chunk) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return chunk.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("filling a buffer failed", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void writeAll(WritableByteChannel out, ByteBuffer buffer) throws IOException {
        int bytes = buffer.remaining();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        meter.add(bytes);
    }

    private int bits(float value) {
        return switch (dtype) {
            case F16 -> Float.floatToFloat16(value);
            case BF16 -> {
                int bits = Float.floatToIntBits(value);
                yield bits + 0x7fff + (bits >>> 16 & 1) >>> 16; // to the nearest, ties to even
            }
            default -> Float.floatToIntBits(value);
        };
    }

    /// SplitMix64 (Steele, Lea and Flood 2014): the hash of a counter's step.
    private static long mix(long counter) {
        long z = counter * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    @Override
    public void close() {
        executor.close();
    }
}
