package dev.aerie.tensor;

import java.util.regex.Pattern;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/// What concerns libtorch as a whole: threads, random numbers, memory.
public final class Torch {

    private static final Pattern VERSION = Pattern.compile("TORCH_VERSION=([0-9.]+)");

    private Torch() {}

    /// libtorch's version, such as `2.10.0`; empty if it does not say.
    public static String version() {
        var found = VERSION.matcher(torch.show_config().getString());
        return found.find() ? found.group(1) : "";
    }

    /// The vector instructions that libtorch's own kernels use here, such as `AVX2`.
    public static String cpuCapability() {
        return torch.get_cpu_capability().getString();
    }

    /// How many threads one operation uses.
    public static int threads() {
        return torch.get_num_threads();
    }

    public static void setThreads(int threads) {
        torch.set_num_threads(threads);
    }

    /// How many threads one product of float32 matrices uses. Attention computes many small products on all threads at
    /// once; when each of these asks for further threads they wait for each other, up to thirty times as long. So
    /// training, whose attention goes through libtorch, sets 1.
    public static void setProductThreads(int threads) {
        torch.get_num_threads(); // the library is loaded with libtorch
        openblas_nolapack.blas_set_num_threads(threads);
    }

    public static void seed(long seed) {
        torch.manual_seed(seed);
    }

    /// Bytes of tensors that are reachable from Java and not freed.
    public static long liveBytes() {
        return Pointer.totalBytes();
    }

    /// The most bytes that were ever resident, mapped weights included; 0 where the system does not tell.
    public static long peakResidentBytes() {
        return ProcessMemory.peakResidentBytes();
    }

    /// Resident bytes of this process, mapped weights included.
    public static long residentBytes() {
        return Pointer.physicalBytes();
    }
}
