package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.files.AtomicFile;
import dev.aerie.files.Claim;
import dev.aerie.files.Replacement;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
/// A folder is written under another name and renamed when all of it is on the disk, so that a kill or a full
/// disk at any moment leaves the one before. The newest are kept, and the best.
public final class Snapshots {

    private static final Pattern NAME = Pattern.compile("step-\\d{8}");

    /// Half written, or half removed.
    private static final Pattern LEFT_OVER = Pattern.compile("\\.step-\\d{8}\\.(tmp|old)");

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

    /// Writes tensors to a file, whole or not at all.
    interface Writer {
        void write(Path file, List<TensorSource> tensors);
    }

    private final Path folder;
    private final int last;
    private final boolean keepsBest;
    private final Writer writer;

    /// Keeps the best beside the newest.
    public Snapshots(Path folder, int last) {
        this(folder, last, true);
    }

    /// @param last how many of the newest are kept
    /// @param best whether the best is kept beside them
    public Snapshots(Path folder, int last, boolean best) {
        this(folder, last, best, (file, tensors) -> SafetensorsWriter.write(file, tensors, Map.of()));
    }

    Snapshots(Path folder, int last, boolean best, Writer writer) {
        this.folder = folder;
        this.last = last;
        keepsBest = best;
        this.writer = writer;
    }

    /// The right to write here: two processes would write over each other's.
    ///
    /// @throws AerieException if another has it
    public Claim claim() {
        return Claim.on(folder)
                .orElseThrow(() -> new AerieException("cannot learn in " + folder
                        + ": another process is learning there; wait for its end, or name another folder"));
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
            writer.write(unfinished.resolve(WEIGHTS), contents(parameters, optimiser, average));
            AtomicFile.write(unfinished.resolve(STATE), JsonMapper.shared().writeValueAsBytes(state));
            remove(place);
            Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
            Replacement.sync(folder);
            prune(state);
        } catch (IOException | AerieException e) {
            discard(unfinished);
            throw new AerieException(
                    "cannot keep step " + state.step() + " in " + folder + ": " + e.getMessage()
                            + "; earlier steps are as they were: start again to go on",
                    e);
        }
    }

    /// Writes anew where the newest snapshot stands, whose weights are the same, and removes those no longer kept.
    void note(State state) {
        AtomicFile.write(place(state.step()).resolve(STATE), JsonMapper.shared().writeValueAsBytes(state));
        try {
            prune(state);
        } catch (IOException e) {
            throw new AerieException("cannot remove earlier steps from " + folder + " (" + e + ")", e);
        }
    }

    /// Removes what a kill in the middle of a write left, then puts the newest snapshot's values into the parameters,
    /// the optimiser and the average.
    ///
    /// @return where to go on; empty where nothing was kept yet
    public Optional<State> restore(Parameters parameters, Optimiser optimiser, Optional<Average> average) {
        list(LEFT_OVER).forEach(Snapshots::discard);
        return newest().map(place -> restore(place, parameters, optimiser, average));
    }

    /// Puts in the values of the snapshot with the best score so far.
    ///
    /// @return where that one stood
    /// @throws AerieException if none was judged, or it is not kept
    public State restoreBest(Parameters parameters, Optimiser optimiser, Optional<Average> average) {
        var place = newestState().best().map(best -> place(best.step())).filter(Files::exists);
        if (place.isEmpty()) {
            throw new AerieException("cannot take the best step as the result: no step that was judged is kept in "
                    + folder + "; take the last one (keep.export: last, or --finish last), or train in another folder");
        }
        return restore(place.get(), parameters, optimiser, average);
    }

    private static State restore(Path place, Parameters parameters, Optimiser optimiser, Optional<Average> average) {
        var state = read(place.resolve(STATE));
        try (var file = Checkpoint.open(place.resolve(WEIGHTS));
                var _ = TensorScope.open()) {
            tensors(parameters, optimiser, average).forEach((name, tensor) -> fill(file, name, tensor));
        }
        parameters.learned().forEach(Parameters.Learned::publish);
        optimiser.resume(state.step());
        return state;
    }

    /// The newest snapshot's folder.
    public Optional<Path> newest() {
        return list(NAME).stream().max(Comparator.naturalOrder());
    }

    /// Where the newest snapshot stands.
    public State newestState() {
        return newest().map(place -> read(place.resolve(STATE))).orElse(State.START);
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
        var kept = list(NAME).stream()
                .sorted(Comparator.reverseOrder())
                .limit(last)
                .toList();
        for (var place : list(NAME)) {
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

    private List<Path> list(Pattern names) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file ->
                            names.matcher(String.valueOf(file.getFileName())).matches())
                    .toList();
        } catch (IOException e) {
            throw new AerieException("cannot look for earlier steps in " + folder + ": " + e, e);
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
