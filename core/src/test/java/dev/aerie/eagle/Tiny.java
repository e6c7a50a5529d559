package dev.aerie.eagle;

import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The tiny checkpoints among the test resources.
final class Tiny {

    private static final Path MODELS = Path.of("src/test/resources/golden/model");
    static final Path X2 = MODELS.resolve("eagle-x2-tiny");
    static final Path X4 = MODELS.resolve("eagle-x4-tiny-llama3");
    static final Path X5 = MODELS.resolve("eagle-x5-tiny");

    /// Float32, prompts read to their end.
    static final LoadOptions WHOLE = new LoadOptions(DType.F32, 336, Optional.empty(), Progress.SILENT, true);

    private Tiny() {}

    static Picture wide() {
        return Pictures.read(X2.resolve("expected/images/wide.png"));
    }

    static Picture tall() {
        return Pictures.read(X2.resolve("expected/images/tall.png"));
    }

    static AnswerOptions tokens(int n) {
        return AnswerOptions.DEFAULT.withMaxTokens(n).ignoringEnd();
    }

    /// A change to a JSON object.
    @FunctionalInterface
    interface Edit {
        void apply(ObjectNode json);
    }

    /// Copies the files of a checkpoint, without its golden cases.
    static Path copy(Path checkpoint, Path to) throws IOException {
        try (Stream<Path> files = Files.list(checkpoint)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
            }
        }
        return to;
    }

    static void edit(Path file, Edit edit) throws IOException {
        var json = (ObjectNode) JsonMapper.shared().readTree(Files.readAllBytes(file));
        edit.apply(json);
        Files.writeString(file, json.toString());
    }
}
