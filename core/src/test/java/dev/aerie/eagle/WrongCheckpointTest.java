package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.language.Rope;
import dev.aerie.nn.Fresh;
import dev.aerie.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// Checkpoints that are incomplete or contradict themselves: each is refused in one line that says what is wrong.
class WrongCheckpointTest {

    @TempDir
    private Path folder = Path.of("");

    private static void assertRefused(ThrowingCallable opening, String... words) {
        assertThatThrownBy(opening)
                .isInstanceOf(AerieException.class)
                .message()
                .doesNotContainPattern("\\R")
                .contains(words);
    }

    private void assertRefused(String... words) {
        assertRefused(() -> Eagle.open(folder).close(), words);
    }

    static Stream<Arguments> wrongFields() {
        return Stream.of(
                Arguments.of("hidden_size", "0", "hidden_size"),
                Arguments.of("hidden_size", "-64", "hidden_size"),
                Arguments.of("hidden_size", "\"64\"", "hidden_size"),
                Arguments.of("hidden_size", "null", "hidden_size"),
                Arguments.of("hidden_size", "99999999999", "hidden_size"),
                Arguments.of("hidden_size", "128", "mm_projector"),
                Arguments.of("hidden_size", "65", "head"),
                Arguments.of("num_hidden_layers", "0", "num_hidden_layers"),
                Arguments.of("num_hidden_layers", "3", "model.layers.2"),
                Arguments.of("num_attention_heads", "3", "num_attention_heads"),
                Arguments.of("num_key_value_heads", "2", "num_attention_heads"),
                Arguments.of("intermediate_size", "7", "mlp"),
                Arguments.of("vocab_size", "401", "embed_tokens"),
                Arguments.of("hidden_act", "\"gelu\"", "hidden_act"),
                Arguments.of("rms_norm_eps", "\"small\"", "rms_norm_eps"),
                Arguments.of("rms_norm_eps", "-1", "rms_norm_eps"),
                Arguments.of("rope_theta", "0", "rope_theta"),
                Arguments.of("rope_scaling", "\"linear\"", "rope_scaling"),
                Arguments.of("rope_scaling", "{\"type\": \"yarn\"}", "rope_scaling"),
                Arguments.of("rope_scaling", "{\"type\": \"linear\", \"factor\": 0}", "factor"),
                Arguments.of(
                        "rope_scaling",
                        "{\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4, \"high_freq_factor\": 4}",
                        "low_freq_factor"),
                Arguments.of("max_position_embeddings", "1.5", "max_position_embeddings"),
                Arguments.of("tokenizer_model_max_length", "0", "tokenizer_model_max_length"),
                Arguments.of("tie_word_embeddings", "\"no\"", "tie_word_embeddings"),
                Arguments.of("attention_bias", "true", "q_proj.bias"),
                Arguments.of("mlp_bias", "true", "gate_proj.bias"),
                Arguments.of("image_aspect_ratio", "\"anyres\"", "mm_patch_merge_type"),
                Arguments.of("mm_projector_type", "\"mlp3x_gelu\"", "model.mm_projector.4"),
                Arguments.of("mm_projector_type", "\"conv\"", "mm_projector_type"),
                Arguments.of("mm_projector_type", "\"identity\"", "identity"),
                Arguments.of("mm_vision_tower", "7", "mm_vision_tower"),
                Arguments.of("mm_vision_tower", "\"owl-512\"", "owl-512"),
                Arguments.of("mm_vision_tower", "\"some/tower\"", "some/tower"),
                Arguments.of("mm_vision_tower", "\"openai/clip-vit-large-patch14-336\"", "--vision-tower"),
                Arguments.of("mm_vision_tower", "\"convnext-1024;clip-448\"", "tower string"),
                Arguments.of("mm_vision_tower", "\"clip-448\"", "model.mm_projector.0.weight"));
    }

    @ParameterizedTest
    @MethodSource("wrongFields")
    void fieldsOfTheConfiguration(String field, String value, String word) throws IOException {
        Tiny.copy(Tiny.X2, folder);
        Tiny.edit(
                folder.resolve("config.json"),
                json -> json.set(field, JsonMapper.shared().readTree(value)));
        assertRefused(word);
    }

    @Test
    void endTokensAreIds() throws IOException {
        Tiny.copy(Tiny.X2, folder);
        for (var value : List.of("\"</s>\"", "[2, \"</s>\"]", "-1", "[2, [3]]", "2.5")) {
            Tiny.edit(
                    folder.resolve("generation_config.json"),
                    json -> json.set("eos_token_id", JsonMapper.shared().readTree(value)));
            assertRefused("generation_config.json", "eos_token_id");
        }
    }

    @Test
    void filesThatAreMissingOrNoJson() throws IOException {
        assertRefused("config.json", "Hugging Face");
        Tiny.copy(Tiny.X2, folder);
        for (var text : List.of("", "{", "[]", "{\"hidden_size\": 64\n\n,}", "\0\0")) {
            Files.writeString(folder.resolve("config.json"), text);
            assertRefused("config.json");
        }
        Files.delete(folder.resolve("config.json"));
        Files.copy(Tiny.X2.resolve("config.json"), folder.resolve("config.json"));
        Files.delete(folder.resolve("model.safetensors"));
        assertRefused("no weight file");
        Files.copy(Tiny.X2.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        Files.delete(folder.resolve("tokenizer.model"));
        assertRefused("tokenizer.model");
    }

    @Test
    void missingShards() throws IOException {
        for (var checkpoint : Map.of(
                        Tiny.X5, "model-00002-of-00002.safetensors", Tiny.X4, "pytorch_model-00001-of-00002.bin")
                .entrySet()) {
            var place = Files.createDirectory(
                    folder.resolve(String.valueOf(checkpoint.getKey().getFileName())));
            Tiny.copy(checkpoint.getKey(), place);
            Files.delete(place.resolve(checkpoint.getValue()));
            assertRefused(() -> Eagle.open(place).close(), checkpoint.getValue());
        }
    }

    @Test
    void noVisionTowerNoPictures() throws IOException {
        Tiny.copy(Tiny.X2, folder);
        Tiny.edit(folder.resolve("config.json"), json -> json.remove("mm_vision_tower"));
        try (var eagle = Eagle.open(folder)) {
            assertThat(eagle.unexpected()).contains("model.mm_projector.0.weight");
            assertRefused(
                    () -> eagle.ask(new Question("What?", List.of(Tiny.wide())), Tiny.tokens(1), AnswerListener.NONE),
                    "no vision tower");
            assertThat(eagle.ask(new Question("What?", List.of()), Tiny.tokens(3), AnswerListener.NONE)
                            .ids())
                    .hasSize(3);
        }
    }

    @Test
    void stretchedPositionsLengthenTheContext() throws IOException {
        Tiny.copy(Tiny.X2, folder);
        Tiny.edit(
                folder.resolve("config.json"),
                json -> json.putObject("rope_scaling").put("type", "linear").put("factor", 2.0));
        var language = EagleConfig.open(folder).language();
        assertThat(language.rope().scaling()).isEqualTo(new Rope.Scaling.Linear(2));
        assertThat(language.maxPositions()).isEqualTo(8192);
        Tiny.edit(
                folder.resolve("config.json"),
                json -> json.putObject("rope_scaling").put("type", "dynamic").put("factor", 1.5));
        assertThat(EagleConfig.open(folder).language().maxPositions()).isEqualTo(6144);
        Tiny.edit(
                folder.resolve("config.json"),
                json -> json.putObject("rope_scaling")
                        .put("rope_type", "llama3")
                        .put("factor", 8.0)
                        .put("original_max_position_embeddings", 512));
        var llama3 = EagleConfig.open(folder).language();
        assertThat(llama3.rope().scaling()).isEqualTo(new Rope.Scaling.Llama3(8, 1, 4, 512));
        assertThat(llama3.maxPositions()).isEqualTo(4096);
        Tiny.edit(
                folder.resolve("config.json"),
                json -> json.putObject("rope_scaling").put("type", "default"));
        assertThat(EagleConfig.open(folder).language().rope().scaling()).isEqualTo(Rope.Scaling.NONE);
    }

    /// A published model's configuration and a fresh source agree on every tensor's shape.
    @Test
    void publishedNames() {
        assertThat(PublishedModel.named("eagle-x5-7b").config().towers()).contains("sam-1024");
        assertThat(PublishedModel.named("llava-1.5-7b").config().isMixture()).isFalse();
        assertRefused(() -> PublishedModel.named("eagle-x9"), "eagle-x9", "eagle-x4-8b-plus");
        for (var model : PublishedModel.values()) {
            assertThat(PublishedModel.named(model.label())).isSameAs(model);
        }
    }

    @Test
    void freshSourcesHoldNothing() {
        try (var fresh = new Fresh(DType.F32)) {
            assertThat(fresh.stored("any")).isEmpty();
            assertThat(fresh.isStored()).isFalse();
        }
    }

    @Test
    void sizesOfTheFusionAreWholeNumbers() throws IOException {
        Tiny.copy(Tiny.X2, folder);
        Tiny.edit(
                folder.resolve("config.json"),
                json -> json.putObject("mm_fusion_sizes").put("pool", 2.7));
        assertRefused(() -> EagleConfig.open(folder), "pool is 2.7", "a whole number");
    }
}
