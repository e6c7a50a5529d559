package dev.aerie.train.plan;

import com.sun.management.OperatingSystemMXBean;
import dev.aerie.AerieException;
import java.lang.management.ManagementFactory;
import java.util.regex.Pattern;

/// What a stage would run on.
///
/// @param devices that share a global batch
/// @param memory  bytes of each
/// @param rate    operations per second of large products on each; 0 if unknown
/// @param disk    bytes that are free for checkpoints and export; 0 if unknown
public record Hardware(String name, int devices, long memory, double rate, long disk) {

    private static final String HERE = "this machine";
    private static final Pattern CLUSTER = Pattern.compile("(\\d{1,5})x(\\d{1,6})(GB|GiB)");

    public Hardware {
        if (devices < 1 || memory < 1 || !(rate >= 0) || disk < 0) {
            throw new AerieException("cannot plan for " + devices + " devices with " + memory + " bytes each");
        }
    }

    /// This machine: its processor as one device.
    ///
    /// @param rate as [dev.aerie.bench.MachineLimits] measures it; 0 if unknown
    public static Hardware here(double rate) {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Hardware(HERE, 1, system.getTotalMemorySize(), rate, 0);
    }

    /// Devices as people write them: `8x80GB` (10⁹ bytes) or `1x24GiB` (2³⁰ bytes).
    public static Hardware parse(String text) {
        var found = CLUSTER.matcher(text);
        if (!found.matches()) {
            throw new AerieException("cannot plan for '" + text
                    + "': expected devices and the memory of each, such as 8x80GB or 1x24GiB");
        }
        long unit = found.group(3).equals("GB") ? 1_000_000_000L : 1L << 30;
        return new Hardware(text, Integer.parseInt(found.group(1)), Long.parseLong(found.group(2)) * unit, 0, 0);
    }

    /// Whether it could be a larger one: training itself runs on one device.
    boolean isMadeUp() {
        return !name.equals(HERE);
    }

    public Hardware withRate(double other) {
        return new Hardware(name, devices, memory, other, disk);
    }

    public Hardware withDisk(long free) {
        return new Hardware(name, devices, memory, rate, free);
    }

    /// The same with less free disk, where that is known.
    public Hardware withoutDisk(double taken) {
        return disk == 0 ? this : withDisk(Math.max(1, disk - (long) taken));
    }
}
