package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.nn.HeaderSource;
import dev.aerie.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {

    private static final Path MODELS = Path.of("src/test/resources/golden/model");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void wholeCheckpointsLackNothing() {
        for (var name : new String[] {"eagle-x5-tiny", "eagle-x4-tiny-llama3", "eagle-x2-tiny"}) {
            var inspection = Inspection.of(MODELS.resolve(name));
            assertThat(inspection.misfits()).isEmpty();
            assertThat(inspection.unexpected()).isEmpty();
            assertThat(inspection.notes()).isEmpty();
            assertThat(inspection.architecture()).isEqualTo("EagleLlamaForCausalLM");
        }
    }

    @Test
    void partsAreInTheOrderOfTheTowers() {
        var inspection = Inspection.of(MODELS.resolve("eagle-x5-tiny"));
        assertThat(inspection.parameters().keySet())
                .containsExactly(
                        "clip-448",
                        "convnext-1024",
                        "sam-1024",
                        "det-1024",
                        "pix2struct-1024",
                        "projector",
                        "language");
        assertThat(inspection.types()).containsOnlyKeys(DType.BF16);
        assertThat(inspection.fileBytes()).hasSize(2);
        assertThat(inspection.types().get(DType.BF16))
                .isEqualTo(new Inspection.Amount(
                        inspection.tensors().size(),
                        inspection.tensors().stream().mapToLong(t -> t.bytes()).sum()));
    }

    @Test
    void misfitsOfAnotherConfigurationAreAllNamed() throws IOException {
        copy("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3");
        var inspection = Inspection.of(folder);
        assertThat(inspection.misfits())
                .hasSize(9)
                .allSatisfy(misfit -> assertThat(misfit.name()).startsWith("model.layers.2."))
                .allSatisfy(misfit -> assertThat(misfit.found()).isEmpty());
        copy("\"vocab_size\": 400", "\"vocab_size\": 401");
        assertThat(Inspection.of(folder).misfits())
                .extracting(HeaderSource.Misfit::describe)
                .containsExactlyInAnyOrder(
                        "model.embed_tokens.weight [401, 64], found [400, 64]",
                        "lm_head.weight [401, 64], found [400, 64]");
        copy("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1");
        var fewer = Inspection.of(folder);
        assertThat(fewer.unexpected()).hasSize(9);
        assertThat(fewer.parameters().get("unexpected")).isPositive();
    }

    @Test
    void aBoundlessConfigurationIsNotBelieved() throws IOException {
        copy("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 16000000");
        assertThat(Inspection.of(folder).notes()).singleElement().asString().contains("are missing");
    }

    @Test
    void otherTowersLeaveTheLanguagePartComparable() throws IOException {
        copy("clip-448;convnext-1024", "sam-1024");
        var inspection = Inspection.of(folder);
        assertThat(inspection.notes()).singleElement().asString().startsWith("the vision part was not compared");
        assertThat(inspection.misfits()).isEmpty();
        assertThat(inspection.unexpected()).isEmpty();
        copy("clip-448;convnext-1024", "");
        assertThat(Inspection.of(folder).unexpected()).isNotEmpty().allMatch(name -> name.startsWith("model."));
    }

    @Test
    void aConfigurationOfAnotherFamilyIsANote() throws IOException {
        copy("\"hidden_act\": \"silu\"", "\"hidden_act\": \"gelu\"");
        var inspection = Inspection.of(folder);
        assertThat(inspection.config()).isEmpty();
        assertThat(inspection.notes()).singleElement().asString().contains("hidden_act");
        assertThat(inspection.parameters()).containsOnlyKeys("lm_head", "model");
        Files.writeString(folder.resolve("config.json"), "{");
        assertThat(Inspection.of(folder).architecture()).isEmpty();
    }

    @Test
    void filesAloneHaveNoConfiguration() {
        var file = MODELS.resolve("eagle-x4-tiny-llama3/pytorch_model-00001-of-00002.bin");
        var inspection = Inspection.of(file);
        assertThat(inspection.config()).isEmpty();
        assertThat(inspection.tensors())
                .isNotEmpty()
                .allMatch(tensor -> tensor.file().equals(file));
        var index = Inspection.of(MODELS.resolve("eagle-x5-tiny/model.safetensors.index.json"));
        assertThat(index.config()).isPresent();
        assertThat(index.misfits()).isEmpty();
    }

    @Test
    void anEmptyFolderIsRefused() {
        assertThatThrownBy(() -> Inspection.of(folder))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("no weight file");
    }

    private void copy(String from, String to) throws IOException {
        var model = MODELS.resolve("eagle-x2-tiny");
        var config = Files.readString(model.resolve("config.json"));
        assertThat(config).contains(from);
        Files.writeString(folder.resolve("config.json"), config.replace(from, to));
        if (!Files.exists(folder.resolve("model.safetensors"))) {
            Files.copy(model.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        }
    }
}
