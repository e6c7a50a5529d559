package dev.aerie.evaluate.run;

import dev.aerie.AerieException;
import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Benchmarks;
import dev.aerie.evaluate.benchmark.Scored;
import dev.aerie.files.AtomicFile;
import dev.aerie.train.log.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Where a run keeps what: its settings, for each benchmark the answers and, when it is done, its size, and the
/// results.
public record EvalFolder(Path root) {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// A benchmark that is done.
    ///
    /// @param records of the benchmark, all parts together
    public record Done(long records) {}

    /// What a benchmark was asked of.
    ///
    /// @param records of the benchmark, all parts together
    /// @param digest  of what is asked in the first and the last of them
    public record Data(long records, String digest) {}

    public Path settingsFile() {
        return root.resolve("run.json");
    }

    /// A line for each record, [Scored].
    public Path answers(Benchmark benchmark) {
        return root.resolve(benchmark.card().name() + ".jsonl");
    }

    private Path doneFile(Benchmark benchmark) {
        return root.resolve(benchmark.card().name() + ".done.json");
    }

    public Path results() {
        return root.resolve("results.json");
    }

    public Path report() {
        return root.resolve("report.html");
    }

    /// The pictures of samples for the report, small, named by record.
    public Path pictures(Benchmark benchmark) {
        return root.resolve("pictures").resolve(benchmark.card().name());
    }

    /// What the judge said.
    public Path judgements() {
        return root.resolve("judge.jsonl");
    }

    public Settings settings() {
        if (!Files.isRegularFile(settingsFile())) {
            throw new AerieException("cannot read a run from " + root + ": there is no "
                    + settingsFile().getFileName() + "; expected a folder that 'aerie eval' wrote");
        }
        return read(settingsFile(), Settings.class);
    }

    /// Begins a run, or goes on with it.
    ///
    /// @throws AerieException if the folder holds a run with other settings
    public void begin(Settings settings) {
        if (Files.exists(settingsFile())) {
            var there = settings();
            if (!settings.agrees(there)) {
                throw new AerieException("cannot go on with the run in " + root + ": it was begun with " + there
                        + ", not with " + settings + "; name another folder with --output");
            }
            return;
        }
        write(settingsFile(), settings);
    }

    private Path dataFile(Benchmark benchmark) {
        return root.resolve(benchmark.card().name() + ".data.json");
    }

    Optional<Data> data(Benchmark benchmark) {
        var file = dataFile(benchmark);
        return Files.exists(file) ? Optional.of(read(file, Data.class)) : Optional.empty();
    }

    /// Begins a benchmark, or goes on with it.
    ///
    /// @throws AerieException if it was begun with other data
    void begin(Benchmark benchmark, Data data) {
        var before = data(benchmark);
        if (before.isEmpty()) {
            write(dataFile(benchmark), data);
        } else if (!before.get().equals(data)) {
            throw new AerieException(
                    "cannot go on with " + benchmark.card().title() + " in " + root + ": it was begun with "
                            + before.get().records() + " records, and the data now have " + data.records()
                            + (before.get().records() == data.records() ? " others" : "")
                            + "; name the data it was begun with, or another folder with --output");
        }
    }

    public boolean isDone(Benchmark benchmark) {
        return Files.exists(doneFile(benchmark));
    }

    public Done done(Benchmark benchmark) {
        return read(doneFile(benchmark), Done.class);
    }

    void finish(Benchmark benchmark, long records) {
        write(doneFile(benchmark), new Done(records));
    }

    /// The benchmarks that are done, in the registry's order.
    public List<Benchmark> benchmarks() {
        return Benchmarks.ALL.stream().filter(this::isDone).toList();
    }

    /// All lines of a benchmark.
    public List<Scored> scored(Benchmark benchmark) {
        return JsonLines.read(answers(benchmark), Scored.class);
    }

    static void write(Path file, Object value) {
        AtomicFile.write(file, MAPPER.writeValueAsString(value) + "\n");
    }

    private static <T> T read(Path file, Class<T> type) {
        try {
            return Objects.requireNonNull(MAPPER.readValue(Files.readAllBytes(file), type));
        } catch (IOException | JacksonException | NullPointerException e) {
            throw new AerieException("cannot read " + file + " (" + e.getMessage() + "); begin in another folder", e);
        }
    }
}
