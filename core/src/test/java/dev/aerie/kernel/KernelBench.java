package dev.aerie.kernel;

import static java.nio.channels.FileChannel.MapMode.READ_ONLY;

import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.tensor.Torch;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.LongConsumer;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/// Measures the kernels against the read limit of the machine and against libtorch; not part of the tests.
///
/// The weights are a file of one GiB in the page cache, mapped as checkpoints are, and every call takes the
/// next stretch of it, so that no cache helps. All contenders run in turn; a line gives GB/s of weights, best
/// and median.
///
///     java … dev.aerie.kernel.KernelBench [gemv] [rows] [attention] [handoff] [step] [all]
final class KernelBench {

    private static final long FILE_BYTES = 1L << 30;
    private static final int ROUNDS = Integer.getInteger("rounds", 40);
    private static final int THREADS =
            Integer.getInteger("threads", Runtime.getRuntime().availableProcessors());

    private final MemorySegment memory;
    private final Workers workers = Workers.of(THREADS);
    private final PrintStream out;
    private long cursor;
    private volatile long sink;

    private KernelBench(MemorySegment memory, PrintStream out) {
        this.memory = memory;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        var wanted = Arrays.asList(args.length == 0 ? new String[] {"all"} : args);
        Torch.setThreads(THREADS);
        try (var arena = Arena.ofShared()) {
            var memory = Boolean.getBoolean("anonymous") ? anonymous() : mapped(arena);
            var bench = new KernelBench(memory, System.out);
            if (wanted.contains("gemv") || wanted.contains("all")) {
                bench.gemv();
            }
            if (wanted.contains("rows") || wanted.contains("all")) {
                bench.rows();
            }
            if (wanted.contains("attention") || wanted.contains("all")) {
                bench.attention();
            }
            if (wanted.contains("handoff") || wanted.contains("all")) {
                bench.handoff();
            }
            if (wanted.contains("step") || wanted.contains("all")) {
                bench.step();
            }
        }
    }

    private static MemorySegment mapped(Arena arena) throws IOException {
        var path = Path.of(System.getProperty("java.io.tmpdir"), "aerie-kernel-bench.bin");
        if (!Files.exists(path) || Files.size(path) != FILE_BYTES) {
            try (var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                var random = new Random(1);
                var buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
                for (long at = 0; at < FILE_BYTES; at += buffer.capacity()) {
                    fill(buffer, random);
                    channel.write(buffer);
                }
            }
        }
        try (var channel = FileChannel.open(path)) {
            var memory = channel.map(READ_ONLY, 0, FILE_BYTES, arena);
            memory.load();
            return memory;
        }
    }

    private static MemorySegment anonymous() {
        var memory = Arena.global().allocate(FILE_BYTES, 2 << 20);
        var random = new Random(1);
        var buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        for (long at = 0; at < FILE_BYTES; at += buffer.capacity()) {
            fill(buffer, random);
            memory.asSlice(at, buffer.capacity()).copyFrom(MemorySegment.ofBuffer(buffer));
        }
        return memory;
    }

    /// bfloat16 values around 0.01, which are ordinary numbers as float32 and float16, too.
    private static void fill(ByteBuffer buffer, Random random) {
        buffer.clear();
        while (buffer.hasRemaining()) {
            buffer.putShort((short) (0x3C00 | random.nextInt(256) | random.nextInt(2) << 15));
        }
        buffer.flip();
    }

    private void gemv() {
        int[][] shapes = {{4096, 4096}, {11008, 4096}, {4096, 11008}, {32000, 4096}};
        for (var dtype : new DType[] {DType.BF16, DType.F16, DType.F32}) {
            for (var shape : shapes) {
                product(dtype, shape[0], shape[1], 1);
            }
        }
    }

    private void rows() {
        for (var dtype : new DType[] {DType.BF16, DType.F16, DType.F32}) {
            for (int rows : new int[] {2, 3, 4, 6, 8, 12, 16}) {
                product(dtype, 11008, 4096, rows);
            }
        }
    }

    private void product(DType dtype, int rowsOut, int in, int rows) {
        long bytes = (long) rowsOut * in * dtype.bytes();
        var x = new float[rows * in];
        var random = new Random(2);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        var y = new float[rows * rowsOut];
        try (var scope = TensorScope.open()) {
            var input = Tensor.of(x, rows, in).to(dtype);
            Map<String, LongConsumer> contenders = new LinkedHashMap<>();
            contenders.put("read", at -> sum(memory.asSlice(at, bytes)));
            contenders.put(
                    "ours",
                    at -> Gemv.multiply(memory.asSlice(at, bytes), dtype, rowsOut, in, x, rows, null, y, workers));
            contenders.put("libtorch", at -> {
                try (var inner = TensorScope.open()) {
                    var weight = Tensors.over(
                            memory.asSlice(at, bytes), dtype, new long[] {rowsOut, in}, new long[] {in, 1});
                    Functional.linear(input, weight, null);
                }
            });
            if (rows == 1) {
                contenders.put("libtorch's mv", at -> {
                    try (var inner = TensorScope.open()) {
                        var weight = Tensors.over(
                                memory.asSlice(at, bytes), dtype, new long[] {rowsOut, in}, new long[] {in, 1});
                        weight.matmul(input.select(0, 0));
                    }
                });
            }
            print("%s [%d, %d] x %d".formatted(dtype, rowsOut, in, rows), bytes, contenders);
        }
    }

    private void attention() {
        for (var dtype : new DType[] {DType.BF16, DType.F32}) {
            for (int[] size : new int[][] {{32, 32, 2048}, {32, 8, 4096}, {40, 40, 2048}}) {
                int heads = size[0];
                int kvHeads = size[1];
                int length = size[2];
                long bytes = (long) kvHeads * length * 128 * dtype.bytes();
                var q = new float[heads * 128];
                Arrays.fill(q, 0.1f);
                var result = new float[q.length];
                try (var scope = TensorScope.open()) {
                    var query = Tensor.of(q, 1, heads, 1, 128).to(dtype);
                    Map<String, LongConsumer> contenders = new LinkedHashMap<>();
                    contenders.put("read", at -> sum(memory.asSlice(at, 2 * bytes)));
                    contenders.put(
                            "ours",
                            at -> DecodeAttention.attend(
                                    q,
                                    memory.asSlice(at, bytes),
                                    memory.asSlice(at + bytes, bytes),
                                    dtype,
                                    heads,
                                    kvHeads,
                                    128,
                                    length,
                                    (long) length * 128,
                                    0.088f,
                                    result,
                                    workers));
                    if (heads == kvHeads) {
                        contenders.put("libtorch", at -> {
                            try (var inner = TensorScope.open()) {
                                long[] shape = {1, kvHeads, length, 128};
                                long[] strides = {bytes, (long) length * 128, 128, 1};
                                var k = Tensors.over(memory.asSlice(at, bytes), dtype, shape, strides);
                                var v = Tensors.over(memory.asSlice(at + bytes, bytes), dtype, shape, strides);
                                Functional.attention(query, k, v, null, false, 0.088);
                            }
                        });
                    }
                    print(
                            "attention %s, %d/%d heads, %d keys".formatted(dtype, heads, kvHeads, length),
                            2 * bytes,
                            contenders);
                }
            }
        }
    }

    /// Microseconds of an empty job, back to back and after a pause in which the team has gone to sleep.
    private void handoff() {
        for (int pause : new int[] {0, 20, 50, 200, 1000}) {
            var nanos = new long[2000];
            for (int i = 0; i < nanos.length; i++) {
                long until = System.nanoTime() + pause * 1000L;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                long begin = System.nanoTime();
                workers.run(2, part -> {});
                nanos[i] = System.nanoTime() - begin;
            }
            Arrays.sort(nanos);
            out.printf(
                    "hand-off after %d µs: median %.1f µs, 90th percentile %.1f µs%n",
                    pause, nanos[1000] / 1e3, nanos[1800] / 1e3);
        }
    }

    /// The alternation of a decode step: a few small operations of libtorch, then a product, seven times a
    /// layer. One of the operations is large enough for libtorch to use its own team.
    private void step() {
        int[][] products = {
            {4096, 4096}, {4096, 4096}, {4096, 4096}, {4096, 4096}, {11008, 4096}, {11008, 4096}, {4096, 11008}
        };
        long bytes = 2L * 4096 * (4 * 4096 + 3 * 11008);
        var x = new float[11008];
        Arrays.fill(x, 0.5f);
        var y = new float[11008];
        for (int large : new int[] {0, 1}) {
            try (var scope = TensorScope.open()) {
                var small = Tensor.of(new float[4096], 1, 4096);
                var wide = Tensor.zeros(DType.F32, 32, 4096);
                var input = Tensor.of(x, 1, x.length).to(DType.BF16);
                Map<String, LongConsumer> contenders = new LinkedHashMap<>();
                contenders.put("ours alone", at -> {
                    for (var shape : products) {
                        Gemv.multiply(memory.asSlice(at), DType.BF16, shape[0], shape[1], x, 1, null, y, workers);
                        at += 2L * shape[0] * shape[1];
                    }
                });
                contenders.put("ours with libtorch between", at -> {
                    for (var shape : products) {
                        try (var inner = TensorScope.open()) {
                            for (int i = 0; i < 5; i++) {
                                small.plus(small);
                                Functional.silu(small);
                            }
                            if (large == 1) {
                                Functional.silu(wide);
                            }
                        }
                        Gemv.multiply(memory.asSlice(at), DType.BF16, shape[0], shape[1], x, 1, null, y, workers);
                        at += 2L * shape[0] * shape[1];
                    }
                });
                contenders.put("libtorch's linear", at -> {
                    for (var shape : products) {
                        try (var inner = TensorScope.open()) {
                            Functional.linear(input.narrow(1, 0, shape[1]), weight(at, shape), null);
                        }
                        at += 2L * shape[0] * shape[1];
                    }
                });
                contenders.put("libtorch's mv", at -> {
                    for (var shape : products) {
                        try (var inner = TensorScope.open()) {
                            weight(at, shape).matmul(input.select(0, 0).narrow(0, 0, shape[1]));
                        }
                        at += 2L * shape[0] * shape[1];
                    }
                });
                contenders.put("libtorch between alone", at -> {
                    for (int p = 0; p < products.length; p++) {
                        try (var inner = TensorScope.open()) {
                            for (int i = 0; i < 5; i++) {
                                small.plus(small);
                                Functional.silu(small);
                            }
                            if (large == 1) {
                                Functional.silu(wide);
                            }
                        }
                    }
                });
                print(
                        "a layer of a 7B decoder, bf16, " + (large == 0 ? "small operations" : "one parallel"),
                        bytes,
                        contenders);
            }
        }
    }

    private Tensor weight(long at, int[] shape) {
        return Tensors.over(memory.asSlice(at), DType.BF16, new long[] {shape[0], shape[1]}, new long[] {shape[1], 1});
    }

    private void print(String title, long bytes, Map<String, LongConsumer> contenders) {
        var wall = new long[contenders.size()][ROUNDS];
        var cpu = new long[contenders.size()][ROUNDS];
        int warm = (int) Math.clamp(3_000_000_000L / bytes, 5, 60);
        for (int round = -warm; round < ROUNDS; round++) {
            int i = 0;
            for (var contender : contenders.values()) {
                cursor = cursor + bytes > FILE_BYTES ? 0 : cursor;
                long cpuBegin = processorNanos();
                long begin = System.nanoTime();
                contender.accept(cursor);
                long time = System.nanoTime() - begin;
                if (round >= 0) {
                    wall[i][round] = time;
                    cpu[i][round] = processorNanos() - cpuBegin;
                }
                cursor += bytes;
                i++;
            }
        }
        var line = new StringBuilder(title).append(':');
        int i = 0;
        for (var name : contenders.keySet()) {
            Arrays.sort(wall[i]);
            Arrays.sort(cpu[i]);
            line.append("  %s %.1f / %.1f (%.1f)"
                    .formatted(
                            name,
                            (double) bytes / wall[i][0],
                            (double) bytes / wall[i][ROUNDS / 2],
                            (double) bytes * THREADS / cpu[i][ROUNDS / 2]));
            i++;
        }
        out.println(line);
    }

    /// What all threads of this process have run so far, libtorch's included; 1 where /proc does not tell.
    private static long processorNanos() {
        long sum = 1;
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (var task : tasks) {
                sum += Long.parseLong(
                        Files.readString(task.resolve("schedstat")).split(" ")[0]);
            }
        } catch (IOException e) {
            return 1;
        }
        return sum;
    }

    /// Reads the memory with plain vector loads and does as little as possible with it.
    private void sum(MemorySegment part) {
        int stretch = 256 << 10;
        int parts = Math.toIntExact(part.byteSize() / stretch);
        workers.run(parts, p -> sink = sum(part, (long) p * stretch, stretch));
    }

    private static long sum(MemorySegment part, long from, int bytes) {
        var a = LongVector.zero(LongVector.SPECIES_PREFERRED);
        var b = LongVector.zero(LongVector.SPECIES_PREFERRED);
        int register = LongVector.SPECIES_PREFERRED.vectorByteSize();
        for (int i = 0; i < bytes; i += 2 * register) {
            a = a.add(load(part, from + i));
            b = b.add(load(part, from + i + register));
        }
        return a.add(b).reduceLanes(VectorOperators.ADD);
    }

    private static LongVector load(MemorySegment part, long at) {
        return LongVector.fromMemorySegment(LongVector.SPECIES_PREFERRED, part, at, ByteOrder.LITTLE_ENDIAN);
    }
}
