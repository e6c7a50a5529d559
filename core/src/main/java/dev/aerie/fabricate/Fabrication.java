package dev.aerie.fabricate;

import dev.aerie.AerieException;
import dev.aerie.eagle.ConfigWriter;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Progress;
import dev.aerie.files.DiskSpace;
import dev.aerie.nn.Manifest;
import dev.aerie.tensor.DType;
import dev.aerie.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes a checkpoint in Hugging Face layout whose names and shapes are those of [EagleModel#manifest], buffers
/// included, and whose weights are random: the same for the same seed, on any machine.
///
/// @param config     of the model to be made
/// @param dtype      of all tensors: BF16, F16 or F32
/// @param seed       of the weights
/// @param shardBytes the most bytes of tensors in one file
public record Fabrication(EagleConfig config, DType dtype, long seed, long shardBytes) {

    private static final Set<DType> TYPES = Set.of(DType.BF16, DType.F16, DType.F32);

    /// Room for tokenizer, headers and what the file system needs beside the weights.
    private static final long BESIDES = 64L << 20;

    /// @throws AerieException if the type is none of the three or shards would hold nothing
    public Fabrication {
        if (!TYPES.contains(dtype)) {
            throw new AerieException("cannot fabricate weights of " + dtype + ": expected BF16, F16 or F32");
        }
        if (shardBytes < 1) {
            throw new AerieException(
                    "cannot fabricate shards of " + shardBytes + " bytes: expected a size such as 5GB");
        }
    }

    /// Bytes of all tensors.
    public long bytes() {
        return EagleModel.manifest(config).stream()
                        .mapToLong(Manifest.Entry::elements)
                        .sum()
                * dtype.bytes();
    }

    /// Writes the checkpoint into a folder that does not exist or is empty. Memory stays small whatever the model's
    /// size. If it fails, or `progress` throws, which is how to stop it, the folder is left as it was found.
    ///
    /// @param progress hears how many megabytes are written, of how many
    /// @throws AerieException if the folder holds something, the disk has too little room or cannot be written
    public void writeTo(Path folder, Progress progress) {
        boolean existed = Files.isDirectory(folder);
        refuseIfOccupied(folder);
        DiskSpace.require(folder, bytes() + BESIDES);
        boolean finished = false;
        try {
            Files.createDirectories(folder);
            writeConfig(folder);
            VocabularyKind.of(config).write(config.language().vocabulary(), folder);
            var meter = new Meter(bytes(), progress);
            try (var noise = new Noise(dtype, seed, meter)) {
                var tensors =
                        EagleModel.manifest(config).stream().map(noise::tensor).toList();
                SafetensorsWriter.writeSharded(folder, tensors, shardBytes, Map.of("format", "pt"));
            }
            finished = true;
        } catch (IOException e) {
            throw new AerieException(
                    "cannot write a checkpoint to " + folder + ": " + e + "; check permissions and free space", e);
        } finally {
            if (!finished) {
                clear(folder, existed);
            }
        }
    }

    private void writeConfig(Path folder) throws IOException {
        var kind = VocabularyKind.of(config);
        var special = new ConfigWriter.SpecialIds(kind.bos(), kind.eos(), kind.pad());
        long width = manifest().stream()
                .filter(entry -> entry.name().matches("model\\.mm_projector\\.(0\\.)?weight"))
                .mapToLong(entry -> entry.shape()[1])
                .findFirst()
                .orElse(0);
        new ConfigWriter(config, dtype, special, width).writeTo(folder);
    }

    private static void refuseIfOccupied(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var listing = Files.newDirectoryStream(folder)) {
            if (listing.iterator().hasNext()) {
                throw new AerieException(
                        "cannot write a checkpoint to " + folder + ": it is not empty; name a new folder");
            }
        } catch (IOException e) {
            throw new AerieException(
                    "cannot write a checkpoint to " + folder + ": it is no folder that can be listed (" + e
                            + "); name a new one",
                    e);
        }
    }

    /// Removes the files that were written: the folder was empty, so all that it holds.
    private static void clear(Path folder, boolean existed) {
        var files = new ArrayList<Path>();
        try (var listing = Files.newDirectoryStream(folder)) {
            listing.forEach(files::add);
        } catch (IOException e) {
            return;
        }
        files.forEach(Fabrication::delete);
        if (!existed) {
            delete(folder);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The error that led here tells more.
        }
    }

    private static long megabytes(long bytes) {
        return bytes / 1_000_000;
    }

    /// Counts what is written.
    static final class Meter {

        private final long total;
        private final Progress progress;
        private long written;

        Meter(long total, Progress progress) {
            this.total = total;
            this.progress = progress;
        }

        void add(long bytes) {
            written += bytes;
            progress.at("megabytes", (int) megabytes(written), (int) megabytes(total));
        }
    }

    /// The names and shapes that will be written.
    public List<Manifest.Entry> manifest() {
        return EagleModel.manifest(config);
    }
}
