package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.fusion.Fusions;
import dev.aerie.language.Llama;
import dev.aerie.nn.HeaderSource;
import dev.aerie.nn.Manifest;
import dev.aerie.tensor.DType;
import dev.aerie.weights.Checkpoint;
import dev.aerie.weights.TensorHeader;
import dev.aerie.weights.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a checkpoint or a weight file holds, read from its headers alone: no weight is touched and libtorch is not
/// loaded.
///
/// @param architecture as `config.json` names it; empty without one
/// @param config       what `config.json` says; empty without one, or where it describes no model of this family
/// @param tensors      all tensors, in the order of the files
/// @param parameters   elements per part, buffers left out: the experts in their order, `projector`, `language`,
/// and `unexpected`; without a configuration by the first word of the names
/// @param fileBytes    size on disk of each weight file
/// @param misfits      what the model needs and the files lack, or hold in another shape
/// @param unexpected   tensors the model has no use for
/// @param notes        why something could not be compared
public record Inspection(
        Path path,
        String architecture,
        Optional<EagleConfig> config,
        List<TensorHeader> tensors,
        Map<String, Long> parameters,
        Map<Path, Long> fileBytes,
        List<HeaderSource.Misfit> misfits,
        List<String> unexpected,
        List<String> notes) {

    /// How many tensors, and how many bytes of them.
    public record Amount(long tensors, long bytes) {

        private Amount plus(Amount other) {
            return new Amount(tensors + other.tensors, bytes + other.bytes);
        }
    }

    /// The tensors by element type.
    public Map<DType, Amount> types() {
        var types = new LinkedHashMap<DType, Amount>();
        tensors.forEach(tensor -> types.merge(tensor.dtype(), new Amount(1, tensor.bytes()), Amount::plus));
        return types;
    }

    /// Inspects a folder in Hugging Face layout, an index of shards, or a single weight file. A `config.json` counts
    /// for folders and indexes.
    ///
    /// @throws AerieException if there are no weights or their headers are damaged
    public static Inspection of(Path path) {
        try (var checkpoint = Checkpoint.open(path)) {
            return new Reading(path, checkpoint).inspect();
        }
    }

    private static final class Reading {

        private final Path path;
        private final Checkpoint checkpoint;
        private final HeaderSource source;
        private final List<String> notes = new ArrayList<>();
        private boolean sawVision = true;

        Reading(Path path, Checkpoint checkpoint) {
            this.path = path;
            this.checkpoint = checkpoint;
            source = new HeaderSource(checkpoint);
        }

        Inspection inspect() {
            var folder = folder();
            var config = folder.flatMap(this::config);
            config.ifPresent(this::compare);
            return new Inspection(
                    path,
                    folder.map(this::architecture).orElse(""),
                    config,
                    checkpoint.headers(),
                    config.map(this::byPart).orElseGet(this::byName),
                    fileBytes(),
                    source.misfits(),
                    config.isPresent() ? unexpected() : List.of(),
                    notes);
        }

        /// Where `config.json` lies, if one counts.
        private Optional<Path> folder() {
            var folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
            var whole = Files.isDirectory(path) || path.toString().endsWith(".index.json");
            return whole && folder != null && Files.exists(folder.resolve("config.json"))
                    ? Optional.of(folder)
                    : Optional.empty();
        }

        private String architecture(Path folder) {
            try {
                var config = ConfigReader.open(folder.resolve("config.json"));
                return config.json().path("architectures").path(0).asString(config.text("model_type", ""));
            } catch (AerieException e) {
                return "";
            }
        }

        private Optional<EagleConfig> config(Path folder) {
            try {
                return Optional.of(EagleConfig.open(folder));
            } catch (AerieException e) {
                notes.add(e.getMessage());
                return Optional.empty();
            }
        }

        /// Each part on its own: one that cannot be made out leaves the other.
        private void compare(EagleConfig config) {
            try {
                EagleModel.vision(source, config, EagleModel.CLIP_INPUT);
            } catch (AerieException | IndexOutOfBoundsException | ArithmeticException e) {
                sawVision = false;
                notes.add("the vision part was not compared: " + e.getMessage());
            }
            try {
                var _ = new Llama(source, config.language());
            } catch (AerieException e) {
                notes.add("the language part was not compared to its end: " + e.getMessage());
            }
        }

        private List<String> unexpected() {
            return source.unexpected().stream()
                    .filter(name -> sawVision || !isVision(name))
                    .toList();
        }

        private static boolean isVision(String name) {
            return PartCount.isVision(name) || Fusions.owns(name);
        }

        private Map<String, Long> byPart(EagleConfig config) {
            var counts = new LinkedHashMap<String, Long>();
            for (var part : (config.towers() + ";projector;language").split(";", -1)) {
                counts.put(part.strip(), 0L);
            }
            for (var tensor : checkpoint.headers()) {
                var role = source.role(tensor.name());
                boolean known = role.isPresent() || !sawVision && isVision(tensor.name());
                if (role.isEmpty() || role.get() != Manifest.Role.BUFFER) {
                    var part = known ? PartCount.part(tensor.name(), config.towers()) : "unexpected";
                    counts.merge(part, tensor.elements(), Math::addExact);
                }
            }
            counts.values().removeIf(count -> count == 0);
            return counts;
        }

        private Map<String, Long> byName() {
            var counts = new LinkedHashMap<String, Long>();
            for (var tensor : checkpoint.headers()) {
                int dot = tensor.name().indexOf('.');
                var word = dot < 0 ? tensor.name() : tensor.name().substring(0, dot);
                counts.merge(word, tensor.elements(), Math::addExact);
            }
            return counts;
        }

        private Map<Path, Long> fileBytes() {
            var sizes = new LinkedHashMap<Path, Long>();
            for (var file : checkpoint.files().stream().map(WeightFile::path).toList()) {
                try {
                    sizes.put(file, Files.size(file));
                } catch (IOException e) {
                    throw new AerieException("cannot tell the size of " + file + ": " + e.getMessage(), e);
                }
            }
            return sizes;
        }
    }
}
