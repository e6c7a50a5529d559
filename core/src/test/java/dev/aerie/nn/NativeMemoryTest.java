package dev.aerie.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.language.GenerationOptions;
import dev.aerie.language.Generator;
import dev.aerie.language.KvCache;
import dev.aerie.language.Llama;
import dev.aerie.language.LlamaConfig;
import dev.aerie.language.Rope;
import dev.aerie.language.Sampling;
import dev.aerie.language.TokenListener;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.vision.Clip;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// Encoding and decoding over and over: what is native is freed by its scope, each time.
class NativeMemoryTest {

    private static final int READINGS = 10;
    private static final long PAUSE = 20_000_000; // nanoseconds
    private static final int EACH = 1_000;
    private static final int ALL = 10_000;
    private static final long MEGABYTE = 1 << 20;

    private static final LlamaConfig CONFIG = new LlamaConfig(
            64, 1, 1, 1, 64, 64, 32, 1e-5, new Rope(64, 10_000, Rope.Scaling.NONE), 256, false, false, false);

    /// Bytes that the C library has handed out and not got back: exact, where the system is glibc's.
    private static long allocatedBytes() {
        var linker = Linker.nativeLinker();
        var function = linker.defaultLookup().find("mallinfo2");
        if (function.isEmpty()) {
            return 0;
        }
        var info = MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG);
        var layout = MemoryLayout.structLayout(info);
        try (var arena = Arena.ofConfined()) {
            var call = linker.downcallHandle(function.get(), FunctionDescriptor.of(layout));
            var result = (java.lang.foreign.MemorySegment) call.invoke((SegmentAllocator) arena);
            long mapped = result.getAtIndex(ValueLayout.JAVA_LONG, 4); // hblkhd
            long inArenas = result.getAtIndex(ValueLayout.JAVA_LONG, 7); // uordblks
            return mapped + inArenas;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// The least of some readings: the JVM's compilers take memory of the C library and give it back all the time.
    private static long allocatedAtRest() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < READINGS; i++) {
            least = Math.min(least, allocatedBytes());
            LockSupport.parkNanos(PAUSE);
        }
        return least;
    }

    /// Resident bytes that belong to no file and not to the Java heap: 0 where the system does not tell.
    private static long residentOutsideTheHeap() throws IOException {
        var maps = Path.of("/proc/self/smaps_rollup");
        if (!Files.isReadable(maps)) {
            return 0;
        }
        long anonymous = Files.readAllLines(maps).stream()
                .filter(line -> line.startsWith("Anonymous:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
        return anonymous - Runtime.getRuntime().totalMemory();
    }

    @Test
    void tenThousandPicturesAndAnswersLeaveNothingBehind() throws IOException {
        Torch.seed(5);
        int threads = Torch.threads();
        Torch.setThreads(1); // the work is too small to share
        try (var source = new Fresh(DType.F32)) {
            var size = new Clip.Size(64, 1, 64, 14, 2);
            var clip = new Clip(source.at("vision"), size, Clip.Form.MIXTURE, 28);
            var generator = new Generator(new Llama(source, CONFIG));
            long live = 0;
            long resident = 0;
            var allocated = new ArrayList<Long>();
            for (int i = 1; i <= ALL; i++) {
                encodeAndDecode(clip, generator, i % 2 + 2);
                if (i == EACH) {
                    live = Torch.liveBytes();
                    resident = residentOutsideTheHeap();
                }
                if (i % EACH == 0) {
                    allocated.add(allocatedAtRest());
                }
            }
            Torch.setThreads(threads);
            assertThat(Torch.liveBytes()).isEqualTo(live).isPositive();
            // The smallest tensor takes 64 bytes: one lost in each iteration would be seen.
            assertThat(medianGrowth(allocated)).isLessThan(EACH * 64L);
            // Compiled code and the collector's own tables still grow a little here.
            assertThat(residentOutsideTheHeap() - resident).isLessThan(32 * MEGABYTE);
        }
    }

    /// A leak adds to every thousand iterations, what the JVM keeps of its own only to some.
    private static long medianGrowth(List<Long> readings) {
        var growth = new long[readings.size() - 1];
        for (int i = 0; i < growth.length; i++) {
            growth[i] = readings.get(i + 1) - readings.get(i);
        }
        Arrays.sort(growth);
        return growth[growth.length / 2];
    }

    private static void encodeAndDecode(Clip clip, Generator generator, int tokens) {
        try (var _ = TensorScope.open();
                var cache = new KvCache(CONFIG, DType.F32)) {
            var prompt = clip.encode(Tensor.normal(1, DType.F32, 1, 3, 28, 28)).tokens();
            var options = new GenerationOptions(tokens, Set.of(), Sampling.GREEDY, 1);
            var answer = generator.generate(prompt, cache, options, TokenListener.NONE);
            assertThat(answer.getFirst().ids()).hasSize(tokens);
        }
    }
}
