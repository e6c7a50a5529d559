package dev.aerie.bench;

import dev.aerie.AerieException;
import dev.aerie.files.DiskSpace;
import dev.aerie.nn.Team;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.LongAdder;

/// What this machine can do, measured: the rate of large products and the bandwidth of reading memory.
///
/// @param productRate operations per second in `dtype`
/// @param readRate    bytes per second, all threads together
public record MachineLimits(DType dtype, double productRate, double readRate) {

    private static final int SIDE = 2048;
    private static final long READ_BYTES = 1L << 30;

    public static MachineLimits measure(DType dtype) {
        return new MachineLimits(dtype, measureProducts(dtype), measureReading());
    }

    private static double measureProducts(DType dtype) {
        try (var _ = TensorScope.open()) {
            var a = Tensor.normal(1, dtype, SIDE, SIDE);
            var b = Tensor.normal(1, dtype, SIDE, SIDE);
            double seconds = Stopwatch.best(8, () -> a.matmul(b));
            return 2.0 * SIDE * SIDE * SIDE / seconds;
        }
    }

    /// Bytes per second of reading a mapped file that is in memory: weights lie so, in ordinary pages. (Huge
    /// pages can be read faster.)
    public static double measureReading() {
        DiskSpace.require(Path.of(System.getProperty("java.io.tmpdir")), READ_BYTES); // a file in memory would fault
        try (var arena = Arena.ofShared();
                var file = temporaryFile()) {
            var memory = file.map(FileChannel.MapMode.READ_WRITE, 0, READ_BYTES, arena);
            memory.fill((byte) 1);
            var sink = new LongAdder();
            int parts = Team.workers().threads();
            long part = READ_BYTES / parts / 64 * 64;
            double seconds = Stopwatch.best(
                    5, () -> Team.workers().run(parts, i -> sink.add(sum(memory.asSlice(i * part, part)))));
            return sink.sum() == 0 ? 0 : (double) part * parts / seconds;
        } catch (IOException e) {
            throw new AerieException(
                    "cannot measure how fast memory is read: a temporary file of 1 GiB cannot be mapped (" + e
                            + "); free some space or set java.io.tmpdir",
                    e);
        }
    }

    private static FileChannel temporaryFile() throws IOException {
        return FileChannel.open(
                Files.createTempFile("aerie-bench", ".bin"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    /// Touches every cache line and nothing more: one load per 64 bytes.
    private static long sum(MemorySegment memory) {
        long a = 0;
        long b = 0;
        for (long at = 0; at + 128 <= memory.byteSize(); at += 128) {
            a += memory.get(ValueLayout.JAVA_LONG, at);
            b += memory.get(ValueLayout.JAVA_LONG, at + 64);
        }
        return a + b;
    }
}
