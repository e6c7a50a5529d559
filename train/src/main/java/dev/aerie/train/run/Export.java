package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.eagle.ConfigWriter;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.ExpertPool;
import dev.aerie.files.DiskSpace;
import dev.aerie.files.Replacement;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.Part;
import dev.aerie.train.start.PadToken;
import dev.aerie.weights.SafetensorsWriter;
import dev.aerie.weights.TensorSource;
import dev.aerie.weights.TorchWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/// A trained model as a checkpoint in Hugging Face layout, which `aerie ask` and the reference open.
///
/// @param config    of the model
/// @param tokenizer folder of the files that go beside the weights
/// @param dtype     of all weights
public record Export(EagleConfig config, Path tokenizer, DType dtype) {

    /// Of the tokenizer, and what the decoder is asked for experts with.
    private static final List<String> FILES_BESIDE = List.of(
            "tokenizer.model",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            ExpertPool.FILE);
    private static final long SHARD_BYTES = 5_000_000_000L;
    private static final String PROJECTOR = "model.mm_projector.";
    private static final String PROJECTOR_FILE = "mm_projector.bin";

    /// Writes the folder: tokenizer and configuration first, the weights last, so that a folder with weights is whole.
    /// The projector is also written alone, as the reference's first stage does.
    ///
    /// @param better values that stand in for learned ones, such as their average; may be empty
    public void writeTo(Path folder, Parameters parameters, Map<String, Tensor> better) {
        var contents = parameters.contents(dtype, better);
        var projector = contents.stream()
                .filter(tensor -> Part.of(tensor.name()) == Part.PROJECTOR)
                .toList();
        try {
            Replacement.tidy(folder);
            DiskSpace.require(folder, bytes(contents) + bytes(projector));
            Files.createDirectories(folder);
            for (var name : FILES_BESIDE) {
                if (Files.exists(tokenizer.resolve(name)) && !tokenizer.equals(folder)) {
                    Files.copy(tokenizer.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            PadToken.missing(tokenizer)
                    .filter(pad -> pad.id() < config.language().vocabulary())
                    .ifPresent(pad -> pad.writeTo(folder));
            new ConfigWriter(config, dtype, special(Tokenizer.open(folder)), visionWidth(projector)).writeTo(folder);
        } catch (IOException e) {
            throw new AerieException(
                    "cannot write the checkpoint " + folder + " (" + e + "); check permissions and free space", e);
        }
        if (!projector.isEmpty()) {
            TorchWriter.write(folder.resolve(PROJECTOR_FILE), projector);
        }
        SafetensorsWriter.writeSharded(folder, contents, SHARD_BYTES, Map.of("format", "pt"));
    }

    private static ConfigWriter.SpecialIds special(Tokenizer words) {
        return new ConfigWriter.SpecialIds(
                words.bos().orElse(0),
                words.eos().orElse(0),
                words.pad().orElse(words.unk().orElse(0)));
    }

    private static long bytes(List<TensorSource> tensors) {
        return tensors.stream().mapToLong(TensorSource::bytes).sum();
    }

    private static long visionWidth(List<TensorSource> projector) {
        return projector.stream()
                .filter(tensor -> tensor.name().equals(PROJECTOR + "0.weight")
                        || tensor.name().equals(PROJECTOR + "weight"))
                .mapToLong(tensor -> tensor.shape()[1])
                .findFirst()
                .orElse(0);
    }
}
