package dev.aerie.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.aerie.eagle.PublishedModel;
import dev.aerie.fabricate.Fabrication;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Torch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import jdk.incubator.vector.FloatVector;

/// What the machine and its Java are, and whether that is enough.
final class Machine {

    private static final int JAVA = 25;
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Set<String> VECTOR_FEATURES =
            Set.of("avx2", "fma", "f16c", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "bf16");
    private static final Set<String> BFLOAT16 = Set.of("avx512_bf16", "amx_bf16", "bf16");

    /// What answering takes beside the weights: activations, cache, the JVM.
    private static final long BESIDE_WEIGHTS = 3L << 30;

    private Machine() {}

    static List<Finding> findings() {
        return List.of(java(), system(), processor(), vectors(), libtorch(), memory(), disk());
    }

    private static Finding java() {
        var value = Runtime.version() + ", " + System.getProperty("java.vendor") + ", heap up to "
                + Plain.bytes(Runtime.getRuntime().maxMemory());
        return Runtime.version().feature() >= JAVA
                ? Finding.good("java", value)
                : Finding.broken("java", value, "install a JDK " + JAVA + " and set JAVA_HOME to it");
    }

    private static Finding system() {
        return Finding.good(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
    }

    private static Finding processor() {
        int cores = Runtime.getRuntime().availableProcessors();
        var known = Files.isReadable(PROCESSORS);
        var features =
                new TreeSet<>(List.of(field(PROCESSORS, "flags", "Features").split(" ")));
        features.retainAll(VECTOR_FEATURES);
        var value = field(PROCESSORS, "model name") + (known ? ", " : "") + cores + " cores"
                + (known ? ", " + String.join(" ", features) : "");
        return !known || features.stream().anyMatch(BFLOAT16::contains)
                ? Finding.good("processor", value)
                : Finding.advice("processor", value, "it has no bfloat16 products: compute with --dtype float32");
    }

    private static Finding vectors() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? Finding.good("vectors", "jdk.incubator.vector, " + Species.bits() + " bits wide")
                : Finding.advice(
                        "vectors",
                        "jdk.incubator.vector is not there",
                        "start with ./aerie, or java --add-modules jdk.incubator.vector: answers come several times"
                                + " faster");
    }

    /// Loaded only where the module is there.
    private static final class Species {
        static int bits() {
            return FloatVector.SPECIES_PREFERRED.vectorBitSize();
        }
    }

    private static Finding libtorch() {
        try {
            return Finding.good(
                    "libtorch",
                    Torch.version() + ", kernels for " + Torch.cpuCapability() + ", " + Torch.threads() + " threads");
        } catch (LinkageError e) {
            return Finding.broken(
                    "libtorch",
                    "it does not load ("
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ")",
                    "build for this platform (mvn package), and check that " + System.getProperty("java.io.tmpdir")
                            + " and the home folder can hold its libraries");
        }
    }

    private static Finding memory() {
        var bean = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long total = bean.getTotalMemorySize();
        var available = field(MEMORY, "MemAvailable").replaceAll("\\D", "");
        long free = available.isEmpty()
                ? bean.getFreeMemorySize()
                : Math.min(total, Long.parseLong(available) * 1024); // a container may have less than the host
        var value = Plain.bytes(total) + ", of which " + Plain.bytes(free) + " are free";
        var fitting = new ArrayList<PublishedModel>();
        var models = List.of(PublishedModel.values()).stream()
                .sorted(Comparator.comparingLong(Machine::bytes))
                .toList();
        models.stream().filter(model -> bytes(model) + BESIDE_WEIGHTS <= total).forEach(fitting::add);
        if (fitting.isEmpty()) {
            return Finding.advice(
                    "memory",
                    value,
                    "the smallest released model, " + models.getFirst().label() + ", wants "
                            + Plain.bytes(bytes(models.getFirst()) + BESIDE_WEIGHTS)
                            + ": weights will be read from disk again and again");
        }
        var largest = fitting.getLast();
        return Finding.good(
                "memory",
                value + "; holds models up to " + largest.label() + " (" + Plain.bytes(bytes(largest))
                        + " in bfloat16)");
    }

    private static long bytes(PublishedModel model) {
        return new Fabrication(model.config(), DType.BF16, 0, 1).bytes();
    }

    private static Finding disk() {
        var here = Path.of("").toAbsolutePath();
        try {
            return Finding.good("disk", Plain.bytes(Files.getFileStore(here).getUsableSpace()) + " free at " + here);
        } catch (IOException e) {
            return Finding.advice("disk", "free space at " + here + " is unknown (" + e + ")", "check it yourself");
        }
    }

    /// The first value under one of these names in a file of `name : value` lines; empty if there is none.
    private static String field(Path file, String... names) {
        if (!Files.isReadable(file)) {
            return "";
        }
        try {
            for (var line : Files.readAllLines(file)) {
                int colon = line.indexOf(':');
                if (colon > 0
                        && List.of(names).contains(line.substring(0, colon).strip())) {
                    return line.substring(colon + 1).strip();
                }
            }
            return "";
        } catch (IOException e) {
            return "";
        }
    }
}
