package dev.aerie.weights;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The weights of a model: one file, or the shards that an index lists. Opening reads headers only and checks
/// that index and shards agree; [#close] releases all memory, after which no tensor found here may be read.
public final class Checkpoint implements Weights, AutoCloseable {

    private static final List<String> USUAL = List.of(
            "model.safetensors.index.json", "model.safetensors", "pytorch_model.bin.index.json", "pytorch_model.bin");
    private static final String INDEX = ".index.json";

    private final Path path;
    private final List<WeightFile> files;
    private final Map<String, WeightFile> owners;

    private Checkpoint(Path path, List<WeightFile> files, Map<String, WeightFile> owners) {
        this.path = path;
        this.files = files;
        this.owners = owners;
    }

    /// Opens a weight file, an index, or a folder. Of a folder it takes, in this order,
    /// `model.safetensors.index.json`, `model.safetensors`, `pytorch_model.bin.index.json`, `pytorch_model.bin`,
    /// or else its only weight file; what Hugging Face's trainer keeps beside the weights (`training_args.bin`,
    /// `optimizer.pt`, …) does not count.
    ///
    /// @throws AerieException if there are no weights, or they are damaged, or index and shards disagree
    public static Checkpoint open(Path path) {
        var file = Files.isDirectory(path) ? choose(path) : path;
        return String.valueOf(file.getFileName()).endsWith(INDEX)
                ? open(path, ShardIndex.read(file))
                : open(path, ShardIndex.of(file));
    }

    private static Path choose(Path folder) {
        var usual =
                USUAL.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
        if (usual.isPresent()) {
            return usual.get();
        }
        try (var listing = Files.list(folder)) {
            var found = listing.filter(Files::isRegularFile)
                    .filter(Checkpoint::looksLikeWeights)
                    .sorted()
                    .toList();
            if (found.size() != 1) {
                throw Fault.reading(
                        folder,
                        found.isEmpty()
                                ? "the folder has no weight file"
                                : "the folder has " + found.size() + " weight files without an index, from "
                                        + found.getFirst().getFileName() + " to "
                                        + found.getLast().getFileName(),
                        found.isEmpty() ? "check the path" : "name one of them, or fetch the index");
            }
            return found.getFirst();
        } catch (IOException e) {
            throw Fault.reading(folder, "the folder cannot be listed (" + e + ")", "check that it may be read", e);
        }
    }

    private static boolean looksLikeWeights(Path file) {
        var name = String.valueOf(file.getFileName());
        var besides = name.equals("training_args.bin")
                || name.startsWith("optimizer.")
                || name.startsWith("scheduler.")
                || name.startsWith("rng_state");
        return !besides && name.matches(".*\\.(safetensors|bin|pt|pth)");
    }

    private static Checkpoint open(Path path, ShardIndex index) {
        var files = new ArrayList<WeightFile>();
        try {
            for (var shard : index.shards()) {
                files.add(WeightFiles.open(shard));
            }
            return new Checkpoint(path, List.copyOf(files), index.owners(files));
        } catch (RuntimeException | Error e) {
            files.forEach(WeightFile::close);
            throw e;
        }
    }

    /// What was opened: the file or folder.
    public Path path() {
        return path;
    }

    /// The open files, in the order of their names.
    public List<WeightFile> files() {
        return files;
    }

    @Override
    public List<String> names() {
        return List.copyOf(owners.keySet());
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        return Optional.ofNullable(owners.get(name)).flatMap(file -> file.find(name));
    }

    @Override
    public Optional<TensorHeader> header(String name) {
        return Optional.ofNullable(owners.get(name)).flatMap(file -> file.header(name));
    }

    /// What the files say about themselves; of a key in several files, the first.
    public Map<String, String> metadata() {
        var metadata = new LinkedHashMap<String, String>();
        files.forEach(file -> file.metadata().forEach(metadata::putIfAbsent));
        return Collections.unmodifiableMap(metadata);
    }

    /// The sections of a PyTorch file, see [TorchFile#sections].
    public List<String> sections() {
        return files.stream()
                .flatMap(file -> file instanceof TorchFile torch ? torch.sections().stream() : Stream.<String>empty())
                .distinct()
                .toList();
    }

    /// What PyTorch files hold besides tensors, see [TorchFile#leaves].
    public Map<String, String> leaves() {
        var leaves = new LinkedHashMap<String, String>();
        for (var file : files) {
            if (file instanceof TorchFile torch) {
                torch.leaves().forEach(leaves::putIfAbsent);
            }
        }
        return Collections.unmodifiableMap(leaves);
    }

    @Override
    public void close() {
        files.forEach(WeightFile::close);
    }
}
