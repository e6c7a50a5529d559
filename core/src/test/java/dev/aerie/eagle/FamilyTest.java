package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.image.Aspect;
import dev.aerie.image.Picture;
import dev.aerie.image.Size;
import dev.aerie.tensor.DType;
import dev.aerie.weights.Checkpoint;
import dev.aerie.weights.SafetensorsWriter;
import dev.aerie.weights.TensorSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Towers that lie apart from their checkpoints. What the models say is the golden cases' concern.
class FamilyTest {

    private static final Path FAMILY = Path.of("src/test/resources/golden/family");
    private static final Path LLAVA = FAMILY.resolve("llava-v1.5-tiny");
    private static final Path LLAVA_NEXT = FAMILY.resolve("llava-v1.6-tiny");
    private static final Path MINI_GEMINI = FAMILY.resolve("mini-gemini-tiny");
    private static final Optional<Path> CLIP = Optional.of(MINI_GEMINI.resolve("vision_tower"));

    @TempDir
    private Path folder = Path.of("");

    private static void open(Path folder, Optional<Path> vision, Optional<Path> aux) {
        Eagle.open(folder, LoadOptions.DEFAULT.withTowers(new LoadOptions.Towers(vision, aux)))
                .close();
    }

    private static void refused(Path folder, Optional<Path> vision, Optional<Path> aux, String... words) {
        assertThatThrownBy(() -> open(folder, vision, aux))
                .isInstanceOf(AerieException.class)
                .hasMessageContainingAll(words)
                .satisfies(error -> assertThat(error.getMessage()).hasLineCount(1));
    }

    @Test
    void aMissingTowerIsNamedWithItsOption() {
        refused(LLAVA, Optional.empty(), Optional.empty(), "openai/clip-vit-large-patch14-336", "--vision-tower");
        refused(MINI_GEMINI, CLIP, Optional.empty(), "auxiliary", "--vision-tower-aux");
    }

    @Test
    void aFolderWithSomethingElseIsRefused() {
        refused(LLAVA, Optional.of(LLAVA_NEXT), Optional.empty(), LLAVA_NEXT.toString(), "class_embedding");
        refused(MINI_GEMINI, CLIP, CLIP, "visual.trunk.stem.0.weight");
    }

    @Test
    void aTowerThatNobodyLooksThroughIsRefused() {
        refused(LLAVA, CLIP, CLIP, "leave out --vision-tower-aux");
        refused(LLAVA_NEXT, CLIP, Optional.empty(), "holds the tower", "leave that out");
    }

    /// A CLIP of 224 pixels, as many tokens as it was trained with.
    @Test
    void aClipAloneHasThePicturesItWasTrainedWith() {
        var file = folder.resolve("model.safetensors");
        try (var clip = Checkpoint.open(CLIP.orElseThrow());
                var arena = Arena.ofConfined()) {
            var tensors = new ArrayList<TensorSource>();
            for (var name : clip.names()) {
                var tensor = clip.find(name).orElseThrow();
                if (name.endsWith("position_embedding.weight")) {
                    long[] shape = {1 + 16 * 16, tensor.shape()[1]};
                    var zeros = arena.allocate(tensor.bytes() / tensor.shape()[0] * shape[0]);
                    tensors.add(TensorSource.of(name, tensor.dtype(), shape, zeros));
                } else {
                    tensors.add(TensorSource.of(tensor));
                }
            }
            SafetensorsWriter.write(file, tensors, Map.of());
        }
        var towers = new LoadOptions.Towers(Optional.of(folder), Optional.empty());
        try (var eagle = Eagle.open(LLAVA, LoadOptions.DEFAULT.withTowers(towers))) {
            var vision = eagle.model().vision().orElseThrow();
            assertThat(vision.tower().input()).isEqualTo(224);
            assertThat(vision.tokens(640, 480)).isEqualTo(256);
        }
    }

    /// LLaVA writes down what a flag said: a list as text.
    @Test
    void canvasesMayBeText() throws IOException {
        var list = "[[336, 672], [672, 336], [672, 672], [1008, 336], [336, 1008]]";
        var json = (ObjectNode)
                JsonMapper.shared().readTree(LLAVA_NEXT.resolve("config.json").toFile());
        json.put("image_grid_pinpoints", list.replace('[', '(').replace(']', ')'));
        Files.writeString(folder.resolve("config.json"), json.toString());
        assertThat(EagleConfig.open(folder)).isEqualTo(EagleConfig.open(LLAVA_NEXT));
    }

    @Test
    void everyAspectThatIsWrittenCanBeRead() throws IOException {
        for (var aspect : Aspect.values()) {
            var config = EagleConfig.open(LLAVA).withAspect(aspect);
            new ConfigWriter(config, DType.F16, new ConfigWriter.SpecialIds(1, 2, 0), 64).writeTo(folder);
            assertThat(EagleConfig.open(folder).aspect()).isEqualTo(aspect);
        }
    }

    @Test
    void configurationsSayWhoseTheyAre() {
        assertThat(EagleConfig.open(LLAVA).layout()).isEqualTo(Layout.EAGLE);
        assertThat(EagleConfig.open(LLAVA_NEXT).layout())
                .isInstanceOfSatisfying(
                        Layout.LlavaNext.class,
                        next -> assertThat(next.canvases()).hasSize(5).contains(new Size(1008, 336)));
        assertThat(EagleConfig.open(MINI_GEMINI).layout()).isEqualTo(new Layout.MiniGemini(768, 1e-6));
        assertThat(new Layout.LlavaHr(1024, 1e-5, false).fast()).isEqualTo(448);
        assertThat(new Layout.LlavaHr(1000, 1e-5, false).fast()).isEqualTo(437);
        assertThat(new Layout.LlavaHr(384, 1e-5, true).fast()).isEqualTo(336);
    }

    @Test
    void configurationsAreWrittenAsTheyWereRead() throws IOException {
        for (var model : List.of(LLAVA, LLAVA_NEXT, MINI_GEMINI)) {
            var config = EagleConfig.open(model);
            new ConfigWriter(config, DType.F16, new ConfigWriter.SpecialIds(1, 2, 0), 64).writeTo(folder);
            assertThat(EagleConfig.open(folder)).isEqualTo(config);
        }
    }

    @Test
    void whatTheirTilesOrGridsWouldNeedIsRefused() throws IOException {
        refusedConfig(LLAVA_NEXT, "spatial_unpad", "flat", "mm_patch_merge_type");
        refusedConfig(LLAVA_NEXT, "1008", "\"wide\"", "image_grid_pinpoints");
        refusedConfig(LLAVA, "\"mm_vision_select_layer\": -2", "\"mm_vision_select_layer\": -1", "select_layer");
        refusedConfig(LLAVA, "\"patch\"", "\"cls_patch\"", "mm_vision_select_feature");
        refusedConfig(MINI_GEMINI, "\"image_size_aux\"", "\"image_grid\": 2, \"image_size_aux\"", "image_grid");
    }

    private void refusedConfig(Path model, String was, String is, String word) throws IOException {
        var text = Files.readString(model.resolve("config.json"));
        Files.writeString(folder.resolve("config.json"), text.replace(was, is));
        assertThatThrownBy(() -> EagleConfig.open(folder))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(word)
                .satisfies(error -> assertThat(error.getMessage()).hasLineCount(1));
    }

    @Test
    void anotherClipInputIsRefusedWhereConvNextDecides() {
        var options = new LoadOptions(DType.F32, 448, Optional.empty(), Progress.SILENT, false)
                .withTowers(new LoadOptions.Towers(CLIP, Optional.of(MINI_GEMINI.resolve("vision_tower_aux"))));
        assertThatThrownBy(() -> Eagle.open(MINI_GEMINI, options))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("--clip-input")
                .satisfies(error -> assertThat(error.getMessage()).hasLineCount(1));
    }

    /// A picture so long that no row of cells is left of it in its tiles.
    @Test
    void aLineIsSeenAsAWhole() {
        try (var eagle = Eagle.open(LLAVA_NEXT)) {
            var line = new Question("What?", List.of(Picture.filled(4000, 2, 9, 9, 9)));
            var answer = eagle.ask(line, AnswerOptions.DEFAULT.withMaxTokens(1), AnswerListener.NONE);
            assertThat(answer.ids()).hasSize(1);
        }
    }

    @Test
    void theLanguagePartCanBeInspectedWithoutTheTower() {
        assertThat(Inspection.of(LLAVA).notes())
                .anySatisfy(note -> assertThat(note).contains("vision part was not compared"));
    }
}
