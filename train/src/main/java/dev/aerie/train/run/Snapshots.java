package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.optimise.Average;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.weights.Checkpoint;
import dev.aerie.weights.SafetensorsWriter;
import dev.aerie.weights.TensorSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a run of training goes on from: a folder `step-00000100` each, with the learned weights and the optimiser's
/// averages in float32 and the place in the data. Frozen weights stay where they came from.
///
/// A folder is written under another name and renamed when all of it is on the disk, so that a kill or a full disk at
/// any
/// moment leaves the one before. The newest are kept, and the best.
public final class Snapshots {

    private static final Pattern NAME = Pattern.compile("step-\\d{8}");
    private static final String WEIGHTS = "weights.safetensors";
    private static final String STATE = "state.json";

    /// Where a run stands.
    ///
    /// @param step     steps done
    /// @param position samples taken from the order of the data
    /// @param best     the best validation so far and its step; empty before the first
    /// @param counts   what else is counted across steps, such as skipped samples
    public record State(long step, long position, Optional<Best> best, Map<String, Long> counts) {

        /// The state before the first step.
        public static final State START = new State(0, 0, Optional.empty(), Map.of());

        public State {
            counts = Map.copyOf(counts);
        }
    }

    /// A validation's score, more being better, and the step after which it was taken.
    public record Best(double score, long step) {}

    private final Path folder;
    private final int last;
    private final boolean keepsBest;

    /// Keeps the best beside the newest.
    public Snapshots(Path folder, int last) {
        this(folder, last, true);
    }

    /// @param last how many of the newest are kept
    /// @param best whether the best is kept beside them
    public Snapshots(Path folder, int last, boolean best) {
        this.folder = folder;
        this.last = last;
        keepsBest = best;
    }

    boolean keepsBest() {
        return keepsBest;
    }

    /// Writes a snapshot and removes those that are no longer kept.
    public void save(State state, Parameters parameters, Optimiser optimiser, Optional<Average> average) {
        var place = place(state.step());
        var unfinished = folder.resolve("." + place.getFileName() + ".tmp");
        try {
            remove(unfinished);
            Files.createDirectories(unfinished);
            SafetensorsWriter.write(unfinished.resolve(WEIGHTS), contents(parameters, optimiser, average), Map.of());
            write(unfinished.resolve(STATE), JsonMapper.shared().writeValueAsBytes(state));
            remove(place);
            Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
            sync(folder);
            prune(state);
        } catch (IOException | AerieException e) {
            discard(unfinished);
            throw new AerieException(
                    "cannot keep step " + state.step() + " in " + folder + ": " + e.getMessage()
                            + "; earlier steps are as they were: free some space and start again to go on",
                    e);
        }
    }

    /// Puts the newest snapshot's values into the parameters, the optimiser and the average.
    ///
    /// @return where to go on; empty where nothing was kept yet
    public Optional<State> restore(Parameters parameters, Optimiser optimiser, Optional<Average> average) {
        return newest().map(place -> {
            var state = read(place.resolve(STATE));
            try (var file = Checkpoint.open(place.resolve(WEIGHTS));
                    var _ = TensorScope.open()) {
                tensors(parameters, optimiser, average).forEach((name, tensor) -> fill(file, name, tensor));
            }
            parameters.learned().forEach(Parameters.Learned::publish);
            optimiser.resume(state.step());
            return state;
        });
    }

    /// The newest snapshot's folder.
    public Optional<Path> newest() {
        return list().stream().max(Comparator.naturalOrder());
    }

    /// Where the newest snapshot stands.
    public State newestState() {
        return newest().map(place -> read(place.resolve(STATE))).orElse(State.START);
    }

    /// The step of the newest snapshot; 0 without one.
    public long newestStep() {
        return newestState().step();
    }

    private static void fill(Checkpoint file, String name, Tensor tensor) {
        var stored = file.find(name)
                .filter(found -> java.util.Arrays.equals(found.shape(), tensor.shape()))
                .orElseThrow(() -> new AerieException("cannot go on from " + file.path() + ": it has no tensor " + name
                        + " " + java.util.Arrays.toString(tensor.shape())
                        + "; it belongs to another recipe or model: name another folder for this run"));
        tensor.detach().copyInPlace(Tensors.over(stored.data(), stored.dtype(), stored.shape(), stored.strides()));
    }

    /// Weights by their names; averages by theirs and what they are.
    private static Map<String, Tensor> tensors(Parameters parameters, Optimiser optimiser, Optional<Average> average) {
        var tensors = new LinkedHashMap<String, Tensor>();
        parameters.learned().forEach(parameter -> tensors.put(parameter.name(), parameter.master()));
        optimiser.averages().forEach((name, averages) -> {
            tensors.put(name + "/first", averages.first());
            tensors.put(name + "/second", averages.second());
        });
        average.ifPresent(a -> a.values().forEach((name, value) -> tensors.put(name + "/average", value)));
        return tensors;
    }

    private static List<TensorSource> contents(Parameters parameters, Optimiser optimiser, Optional<Average> average) {
        var contents = new ArrayList<TensorSource>();
        tensors(parameters, optimiser, average)
                .forEach((name, tensor) ->
                        contents.add(TensorSource.of(name, DType.F32, tensor.shape(), tensor.segment())));
        return contents;
    }

    private static State read(Path file) {
        try {
            return JsonMapper.shared().readValue(Files.readAllBytes(file), State.class);
        } catch (IOException | JacksonException e) {
            throw new AerieException(
                    "cannot go on from " + file + ": "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                            + "; remove its folder to go on from the one before",
                    e);
        }
    }

    private void prune(State state) throws IOException {
        var kept = list().stream().sorted(Comparator.reverseOrder()).limit(last).toList();
        for (var place : list()) {
            boolean best = keepsBest
                    && state.best().map(b -> place.equals(place(b.step()))).orElse(false);
            if (!kept.contains(place) && !best) {
                remove(place);
            }
        }
    }

    private Path place(long step) {
        return folder.resolve("step-%08d".formatted(step));
    }

    private List<Path> list() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file ->
                            NAME.matcher(String.valueOf(file.getFileName())).matches())
                    .toList();
        } catch (IOException e) {
            throw new AerieException("cannot look for earlier steps in " + folder + ": " + e, e);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (var out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            out.write(java.nio.ByteBuffer.wrap(bytes));
            out.force(true);
        }
    }

    /// Makes the rename last; where a folder cannot be opened as a file (Windows), the system sees to it.
    private static void sync(Path folder) {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // See above.
        }
    }

    /// The folder goes under another name first: half of one must never look like a whole.
    private static void remove(Path place) throws IOException {
        if (!Files.exists(place)) {
            return;
        }
        var doomed = place;
        if (NAME.matcher(String.valueOf(place.getFileName())).matches()) {
            doomed = place.resolveSibling("." + place.getFileName() + ".old");
            remove(doomed);
            Files.move(place, doomed, StandardCopyOption.ATOMIC_MOVE);
        }
        try (var files = Files.list(doomed)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(doomed);
    }

    private static void discard(Path unfinished) {
        try {
            remove(unfinished);
        } catch (IOException e) {
            // The error that led here tells more.
        }
    }
}
