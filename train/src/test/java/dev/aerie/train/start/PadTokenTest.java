package dev.aerie.train.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Question;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.run.Export;
import dev.aerie.weights.Checkpoint;
import dev.aerie.weights.SafetensorsWriter;
import dev.aerie.weights.StoredTensor;
import dev.aerie.weights.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A Llama 3 without a pad token: the golden one with token and rows taken away.
class PadTokenTest {

    private static final Path WITH = Path.of("../core/src/test/resources/golden/model/eagle-x4-tiny-llama3");
    private static final Set<String> TABLES = Set.of("model.embed_tokens.weight", "lm_head.weight");
    private static final int PAD = 486;

    @TempDir
    Path folder;

    private interface Change {
        void to(ObjectNode json);
    }

    private void copy(String name, Change change) throws IOException {
        var json = (ObjectNode) JsonMapper.shared().readTree(WITH.resolve(name).toFile());
        change.to(json);
        Files.writeString(without().resolve(name), json.toPrettyString());
    }

    private Path without() {
        return folder.resolve("llama3");
    }

    @BeforeEach
    void takeAway() throws IOException {
        Files.createDirectories(without());
        copy("config.json", json -> json.put("vocab_size", PAD));
        copy("tokenizer_config.json", json -> json.remove("pad_token"));
        copy("special_tokens_map.json", json -> json.remove("pad_token"));
        copy("tokenizer.json", json -> ((ArrayNode) json.path("added_tokens")).remove(PAD - 480));
        try (var weights = Checkpoint.open(WITH)) {
            var tensors = weights.names().stream()
                    .map(name -> weights.find(name).orElseThrow())
                    .map(PadTokenTest::shortened)
                    .toList();
            SafetensorsWriter.write(without().resolve("model.safetensors"), tensors, Map.of());
        }
    }

    private static TensorSource shortened(StoredTensor tensor) {
        var whole = TensorSource.of(tensor);
        if (!TABLES.contains(tensor.name())) {
            return whole;
        }
        long width = tensor.shape()[1];
        return TensorSource.of(
                tensor.name(),
                tensor.dtype(),
                new long[] {PAD, width},
                tensor.data().asSlice(0, PAD * width * tensor.dtype().bytes()));
    }

    private Start start() {
        var from = new Stage.From(
                Optional.of(without()), Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), "mlp2x_gelu");
        return Start.open(from, Optional.empty());
    }

    @Test
    void aVocabularyWithAPadOrUnknownTokenLacksNone() {
        assertThat(PadToken.missing(WITH)).isEmpty();
        assertThat(PadToken.missing(WITH.resolveSibling("eagle-x2-tiny"))).isEmpty();
        assertThat(PadToken.missing(without())).contains(new PadToken(PAD));
    }

    @Test
    void itsRowsAreTheMeanOfTheOthers() {
        try (var start = start();
                var _ = TensorScope.open()) {
            assertThat(start.config().language().vocabulary()).isEqualTo(PAD + 1);
            for (var name : TABLES) {
                var shape = start.source().stored(name).orElseThrow();
                assertThat(shape[0]).isEqualTo(PAD + 1);
                var table = start.source().parameter(name, shape).to(DType.F32);
                var rows = table.toFloats();
                int width = (int) shape[1];
                for (int c = 0; c < width; c++) {
                    double mean = 0;
                    for (int row = 0; row < PAD; row++) {
                        mean += rows[row * width + c] / (double) PAD;
                    }
                    // stored in float16: half a unit in the last place of 11 bits, and subnormal steps below 6e-5
                    assertThat((double) rows[PAD * width + c])
                            .isCloseTo(mean, org.assertj.core.data.Offset.offset(Math.abs(mean) / 2048 + 6e-8));
                }
            }
        }
    }

    @Test
    void theExportHasTheTokenEverywhere() throws IOException {
        var result = folder.resolve("result");
        try (var start = start();
                var parameters = new Parameters(start.source(), _ -> false, DType.F32)) {
            EagleModel.of(parameters, start.config(), 336);
            new Export(start.config(), start.tokenizer(), DType.BF16).writeTo(result, parameters, Map.of());
        }
        var words = Tokenizer.open(result);
        assertThat(words.size()).isEqualTo(PAD + 1);
        assertThat(words.pad()).hasValue(PAD);
        assertThat(words.token(PAD)).isEqualTo("<pad>");
        assertThat(words.encode("Hello <pad>")).endsWith(PAD);
        assertThat(PadToken.missing(result)).isEmpty();
        assertThat(EagleConfig.open(result).language().vocabulary()).isEqualTo(PAD + 1);
        var config = JsonMapper.shared().readTree(result.resolve("config.json").toFile());
        assertThat(config.path("pad_token_id").intValue()).isEqualTo(PAD);
        try (var eagle = Eagle.open(result);
                var files = Files.list(without())) {
            AnswerListener silent = _ -> true;
            var how = AnswerOptions.DEFAULT.withMaxTokens(2).ignoringEnd();
            assertThat(eagle.ask(new Question("What?", List.of()), how, silent).ids())
                    .hasSize(2);
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrderElementsOf(Stream.of(
                                    "config.json",
                                    "model.safetensors",
                                    "special_tokens_map.json",
                                    "tokenizer.json",
                                    "tokenizer_config.json")
                            .toList());
        }
    }
}
