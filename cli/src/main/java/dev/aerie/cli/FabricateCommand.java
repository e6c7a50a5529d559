package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.eagle.PublishedModel;
import dev.aerie.fabricate.Fabrication;
import dev.aerie.tensor.DType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "fabricate",
        description = "Writes a checkpoint of a published size with random weights: for tests, and to size a machine.",
        sortOptions = false)
final class FabricateCommand implements Runnable {

    enum Type {
        BFLOAT16(DType.BF16),
        FLOAT16(DType.F16),
        FLOAT32(DType.F32);

        final DType dtype;

        Type(DType dtype) {
            this.dtype = dtype;
        }
    }

    static final class Shapes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(PublishedModel.values())
                    .map(PublishedModel::label)
                    .iterator();
        }
    }

    /// How long Ctrl-C waits for a file under way to be given up.
    private static final int PATIENCE_SECONDS = 60;

    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([KMGT]?)B?", Pattern.CASE_INSENSITIVE);

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Where to write it: a new or empty folder.")
    private Path folder = Path.of("");

    @Option(
            names = "--shape",
            required = true,
            paramLabel = "NAME",
            completionCandidates = Shapes.class,
            description = "Which model's sizes: ${COMPLETION-CANDIDATES}.")
    private String shape = "";

    @Option(
            names = "--dtype",
            defaultValue = "bfloat16",
            paramLabel = "TYPE",
            description = "What weights are stored in: bfloat16, float16 or float32 (${DEFAULT-VALUE}).")
    private Type type = Type.BFLOAT16;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "S", description = "Of the weights (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--shard-size",
            defaultValue = "5GB",
            paramLabel = "SIZE",
            description = "The most in one file, such as 500MB (${DEFAULT-VALUE}).")
    private String shardSize = "";

    @Override
    public void run() {
        var line = Objects.requireNonNull(spec).commandLine();
        var fabrication = new Fabrication(PublishedModel.named(shape).config(), type.dtype, seed, bytes(shardSize));
        long start = System.nanoTime();
        try (var progress = new ProgressLine(line.getErr());
                var interruption = new Interruption()) {
            fabrication.writeTo(folder, (what, done, total) -> {
                interruption.check();
                progress.at(what, done, total);
            });
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        line.getOut()
                .printf(
                        Locale.ROOT,
                        "%s: %s of random weights in %.0f s (%s/s)%n",
                        folder,
                        Plain.bytes(fabrication.bytes()),
                        seconds,
                        Plain.bytes((long) (fabrication.bytes() / seconds)));
    }

    private static long bytes(String size) {
        var parsed = SIZE.matcher(size.strip());
        if (!parsed.matches()) {
            throw new AerieException("cannot read the shard size '" + size + "': expected one such as 500MB or 5GB");
        }
        long unit = 1;
        for (int i = 0; i < " KMGT".indexOf(parsed.group(2).toUpperCase(Locale.ROOT)); i++) {
            unit *= 1000;
        }
        return Long.parseLong(parsed.group(1)) * unit;
    }

    /// Turns Ctrl-C into an error, so that what was written is removed before the program ends.
    private static final class Interruption implements AutoCloseable {

        private final AtomicBoolean stopping = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);
        private final Runnable cleanup = this::stop;

        Interruption() {
            Departure.prepare(cleanup);
        }

        void check() {
            if (stopping.get()) {
                throw new AerieException("interrupted; what was written is removed");
            }
        }

        private void stop() {
            stopping.set(true);
            try {
                if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    Thread.currentThread().interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            done.countDown();
            Departure.forget(cleanup);
        }
    }
}
