package dev.aerie.damage;

import dev.aerie.AerieException;
import dev.aerie.tensor.Torch;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Damages files in every way there is and uses them in this process: `DamageSweep RESOURCES COUNT SEED`. With a fourth
/// argument it only writes the damaged folders there, for the command line to be tried on. What a file is damaged by is
/// told by its number and the seed.
final class DamageSweep {

    private static final int PATIENCE = 10;

    /// What became of the files of one kind.
    private static final class Tally {
        int opened;
        int refused;
        int other;
        double slowest;
    }

    private final Map<String, Tally> tallies = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private final PrintStream out = System.out;

    private DamageSweep() {}

    public static void main(String[] arguments) throws Exception {
        var resources = Path.of(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        long seed = Long.parseLong(arguments[2]);
        if (arguments.length > 3) {
            export(resources, count, seed, Path.of(arguments[3]));
            return;
        }
        System.exit(new DamageSweep().run(resources, count, seed));
    }

    private int run(Path resources, int count, long seed) throws Exception {
        var victims = Victim.all(resources);
        var work = Files.createTempDirectory("aerie-damage");
        Torch.setThreads(1);
        for (var victim : victims) { // whole files must open, or refusals mean nothing
            victim.use(victim.folder());
        }
        long before = Torch.residentBytes();
        try (var executor =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory())) {
            for (int i = 0; i < count; i++) {
                var victim = victim(victims, i);
                var damage = damage(i, seed);
                var place = Files.createDirectory(work.resolve("file-" + i));
                damaged(victim, damage, i, seed, place);
                long start = System.nanoTime();
                var use = executor.submit(() -> victim.use(place));
                var tally = tallies.computeIfAbsent(victim.kind(), _ -> new Tally());
                var what = "file " + i + ", " + victim.name() + ", " + damage + ": ";
                try {
                    use.get(PATIENCE, TimeUnit.SECONDS);
                    tally.opened++;
                } catch (TimeoutException e) {
                    out.println(what + "took more than " + PATIENCE + " s");
                    return 1;
                } catch (ExecutionException e) {
                    judge(Objects.requireNonNull(e.getCause()), tally, what);
                }
                tally.slowest = Math.max(tally.slowest, (System.nanoTime() - start) / 1e9);
                delete(place);
            }
        }
        delete(work);
        report(count, seed, before);
        return faults.isEmpty() ? 0 : 1;
    }

    /// The kinds take turns, and within a kind its files.
    private static Victim victim(List<Victim> victims, int i) {
        var kinds = victims.stream().map(Victim::kind).distinct().toList();
        var kind = kinds.get(i % kinds.size());
        var same = victims.stream().filter(victim -> victim.kind().equals(kind)).toList();
        return same.get(i / kinds.size() % same.size());
    }

    private static Damage damage(int i, long seed) {
        var all = Damage.values();
        return all[new SplittableRandom(seed + i).nextInt(all.length)];
    }

    private static void damaged(Victim victim, Damage damage, int i, long seed, Path place) throws IOException {
        var alone = victim.kind().equals("picture") || victim.kind().equals("weights");
        if (!alone) {
            try (Stream<Path> files = Files.list(victim.folder())) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, place.resolve(String.valueOf(file.getFileName())));
                }
            }
        }
        var random = new SplittableRandom(~seed * 31 + i);
        Files.write(place.resolve(victim.name()), damage.apply(Files.readAllBytes(victim.file()), random));
    }

    private void judge(Throwable error, Tally tally, String what) {
        var message = String.valueOf(error.getMessage());
        if (error instanceof AerieException && message.lines().count() == 1) {
            tally.refused++;
            if (Boolean.getBoolean("damage.trace")) {
                out.println(what + message);
            }
        } else {
            tally.other++;
            faults.add(what + error);
            if (Boolean.getBoolean("damage.trace")) {
                error.printStackTrace(out);
            }
        }
    }

    private void report(int count, long seed, long before) {
        faults.forEach(out::println);
        out.printf("%-12s %8s %8s %8s %12s%n", "kind", "opened", "refused", "other", "slowest, s");
        for (var entry : tallies.entrySet()) {
            var tally = entry.getValue();
            out.printf(
                    "%-12s %8d %8d %8d %12.2f%n",
                    entry.getKey(), tally.opened, tally.refused, tally.other, tally.slowest);
        }
        long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
        out.printf(
                "%d files, seed %d: %d opened or refused in one line, %d else; peak heap %d MiB of %d, resident %d MiB at"
                        + " first, %d at most, %d at last%n",
                count,
                seed,
                count - faults.size(),
                faults.size(),
                heap >> 20,
                Runtime.getRuntime().maxMemory() >> 20,
                before >> 20,
                Torch.peakResidentBytes() >> 20,
                Torch.residentBytes() >> 20);
    }

    /// Folders `0`, `1`, … with a damaged checkpoint, or a checkpoint and a damaged picture named `picture`.
    private static void export(Path resources, int count, long seed, Path to) throws IOException {
        var whole = new Victim("config", resources.resolve("golden/model/eagle-x2-tiny"), "config.json");
        var victims = Victim.all(resources).stream()
                .filter(victim ->
                        victim.kind().equals("picture") || victim.folder().equals(whole.folder()))
                .filter(victim -> !victim.kind().equals("weights"))
                .toList();
        for (int i = 0; i < count; i++) {
            var victim = victim(victims, i);
            var place = Files.createDirectories(to.resolve(Integer.toString(i)));
            if (victim.kind().equals("picture")) {
                try (Stream<Path> files = Files.list(whole.folder())) {
                    for (var file : files.filter(Files::isRegularFile).toList()) {
                        Files.copy(file, place.resolve(String.valueOf(file.getFileName())));
                    }
                }
            }
            damaged(victim, damage(i, seed), i, seed, place);
            if (victim.kind().equals("picture")) {
                Files.move(place.resolve(victim.name()), place.resolve("picture"));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
