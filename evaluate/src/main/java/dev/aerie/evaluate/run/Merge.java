package dev.aerie.evaluate.run;

import dev.aerie.AerieException;
import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Scored;
import dev.aerie.files.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// Puts the parts of a run together, as if it had been run as a whole.
public final class Merge {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Merge() {}

    /// @param target a folder without a run
    /// @throws AerieException if parts are missing, unfinished or of different runs
    public static void merge(List<Path> folders, Path target) {
        var parts = parts(folders);
        var whole = new EvalFolder(target);
        if (Files.exists(whole.settingsFile())) {
            throw new AerieException("cannot put a run together in " + target + ": there is one; name another folder");
        }
        var first = parts.getFirst();
        for (var benchmark : first.benchmarks()) {
            benchmark(benchmark, parts, whole);
        }
        var settings = parts.stream()
                .map(EvalFolder::settings)
                .filter(each -> !each.weights().isEmpty())
                .findFirst()
                .orElseGet(first::settings);
        EvalFolder.write(whole.settingsFile(), settings.withPart(Part.ALL));
    }

    /// The parts by number; each once, all of one run.
    private static List<EvalFolder> parts(List<Path> folders) {
        var found = new TreeMap<Integer, EvalFolder>();
        for (var each : folders) {
            var folder = new EvalFolder(each);
            var settings = folder.settings();
            var part = Part.of(settings.part());
            if (part.of() != folders.size() || found.put(part.number(), folder) != null) {
                throw new AerieException("cannot put parts together: " + each + " is part " + part + " of its run, but "
                        + folders.size() + " folders are given; name each part once");
            }
            for (var other : found.values()) {
                if (!other.settings().withPart(Part.ALL).agrees(settings.withPart(Part.ALL))
                        || !other.benchmarks().equals(folder.benchmarks())) {
                    throw new AerieException("cannot put " + other.root() + " and " + each
                            + " together: they have other settings, or other benchmarks that are done");
                }
            }
        }
        if (found.isEmpty() || found.firstEntry().getValue().benchmarks().isEmpty()) {
            throw new AerieException("cannot put parts together: no benchmark is done in them");
        }
        return List.copyOf(found.values());
    }

    /// The parts' windows in turn.
    private static void benchmark(Benchmark benchmark, List<EvalFolder> parts, EvalFolder whole) {
        long records = parts.getFirst().done(benchmark).records();
        var lines = new ArrayList<List<Scored>>();
        for (int i = 0; i < parts.size(); i++) {
            var scored = parts.get(i).scored(benchmark);
            long expected = new Part(i + 1, parts.size()).size(records);
            if (scored.size() != expected || parts.get(i).done(benchmark).records() != records) {
                throw new AerieException(
                        "cannot put parts together: " + parts.get(i).answers(benchmark) + " has " + scored.size()
                                + " lines, expected " + expected + "; run that part again");
            }
            lines.add(scored);
        }
        var data = parts.stream()
                .flatMap(part -> part.data(benchmark).stream())
                .distinct()
                .toList();
        if (data.size() > 1) { // runs of before did not write it down
            throw new AerieException("cannot put parts together: they were asked different records of "
                    + benchmark.card().title());
        }
        data.forEach(one -> whole.begin(benchmark, one));
        AtomicFile.stream(whole.answers(benchmark), out -> {
            long place = 0;
            for (long window = 0; window * Part.WINDOW < records; window++) {
                int part = (int) (window % parts.size());
                int from = (int) (window / parts.size() * Part.WINDOW);
                int to = (int)
                        Math.min(from + (long) Part.WINDOW, lines.get(part).size());
                for (var scored : lines.get(part).subList(from, to)) {
                    var line = MAPPER.writeValueAsString(scored.at(++place)) + "\n";
                    out.write(line.getBytes(StandardCharsets.UTF_8));
                }
            }
        });
        parts.forEach(part -> pictures(part.pictures(benchmark), whole.pictures(benchmark)));
        whole.finish(benchmark, records);
    }

    private static void pictures(Path from, Path to) {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                AtomicFile.write(to.resolve(String.valueOf(file.getFileName())), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new AerieException("cannot copy the pictures in " + from + " (" + e + ")", e);
        }
    }
}
