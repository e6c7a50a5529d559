package dev.aerie.train.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.train.recipe.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a stage's `from` makes of the configurations it names.
class StartTest {

    private static final Path EAGLE = Path.of("../core/src/test/resources/golden/model/eagle-x2-tiny");

    @TempDir
    private Path folder = Path.of("");

    /// The same model without its sight.
    private Path llama() throws IOException {
        var config = (ObjectNode) JsonMapper.shared().readTree(Files.readString(EAGLE.resolve("config.json")));
        List.copyOf(config.propertyNames()).stream()
                .filter(name -> name.startsWith("mm_"))
                .forEach(config::remove);
        config.put("model_type", "llama").putArray("architectures").add("LlamaForCausalLM");
        Files.writeString(folder.resolve("config.json"), config.toString());
        return folder;
    }

    private static EagleConfig config(Path checkpoint, String kind, Optional<FusionChoice> fusion, String... towers) {
        var experts = new LinkedHashMap<String, Path>();
        for (var tower : towers) {
            experts.put(tower, EAGLE);
        }
        var from = new Stage.From(
                Optional.of(checkpoint),
                experts,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                kind,
                fusion,
                Map.of(),
                Optional.empty());
        return Start.config(from, Optional.empty());
    }

    @Test
    void aProjectorIsOfTheKindThatTheCheckpointOrElseTheRecipeSays() throws IOException {
        var kind = Stage.From.MLP;
        assertThat(config(llama(), kind, Optional.empty(), "clip-448", "sam-1024")
                        .projector())
                .isEqualTo(kind);
        assertThat(config(llama(), "mlp3x_gelu", Optional.empty(), "clip-448").projector())
                .isEqualTo("mlp3x_gelu");
        var own = EagleConfig.open(EAGLE).projector();
        assertThat(config(EAGLE, kind, Optional.empty()).projector()).isEqualTo(own);
        assertThat(config(EAGLE, kind, Optional.empty(), "sam-1024").projector())
                .isEqualTo(own);
        assertThat(config(EAGLE, "mlp3x_gelu", Optional.empty()).projector()).isEqualTo("mlp3x_gelu");
    }

    /// Else the fusion would be ignored, or its name stand in a configuration whose model has none.
    @Test
    void aFusionNeedsAMixture() throws IOException {
        var perceiver = Optional.of(new FusionChoice(Fusions.PERCEIVER, Map.of()));
        assertThat(config(llama(), Stage.From.MLP, perceiver, "clip-448").isMixture())
                .isTrue();
        var llama = llama();
        assertThatThrownBy(() -> config(llama, Stage.From.MLP, perceiver))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("cannot join experts by perceiver")
                .hasMessageContaining("begins with no expert");
        assertThatThrownBy(() -> config(llama, Stage.From.MLP, perceiver, "openai/clip-vit-large-patch14-336"))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("a CLIP that stands for itself");
    }
}
