package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Towers that lie apart from their checkpoints. What the models say is the golden cases' concern.
class FamilyTest {

    private static final Path FAMILY = Path.of("src/test/resources/golden/family");
    private static final Path LLAVA = FAMILY.resolve("llava-v1.5-tiny");
    private static final Path LLAVA_HR = FAMILY.resolve("llava-hr-tiny");
    private static final Path MINI_GEMINI = FAMILY.resolve("mini-gemini-tiny");
    private static final Optional<Path> CLIP = Optional.of(MINI_GEMINI.resolve("vision_tower"));

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
        refused(LLAVA, Optional.of(LLAVA_HR), Optional.empty(), LLAVA_HR.toString(), "class_embedding");
        refused(MINI_GEMINI, CLIP, CLIP, "visual.trunk.stem.0.weight");
    }

    @Test
    void aTowerThatNobodyLooksThroughIsRefused() {
        refused(LLAVA_HR, CLIP, Optional.empty(), "leave out --vision-tower");
        refused(LLAVA, CLIP, CLIP, "leave out --vision-tower-aux");
    }

    @Test
    void configurationsSayWhoseTheyAre() {
        assertThat(EagleConfig.open(LLAVA).layout()).isEqualTo(Layout.EAGLE);
        assertThat(EagleConfig.open(LLAVA_HR).layout()).isEqualTo(new Layout.LlavaHr(1024, 1e-5));
        assertThat(EagleConfig.open(MINI_GEMINI).layout()).isEqualTo(new Layout.MiniGemini(768, 1e-6));
        assertThat(new Layout.LlavaHr(1024, 1e-5).fast()).isEqualTo(448);
        assertThat(new Layout.LlavaHr(384, 1e-5).fast()).isEqualTo(336);
    }

    @Test
    void theLanguagePartCanBeInspectedWithoutTheTower() {
        assertThat(Inspection.of(LLAVA).notes())
                .anySatisfy(note -> assertThat(note).contains("vision part was not compared"));
        assertThat(Inspection.of(LLAVA_HR).misfits()).isEmpty();
        assertThat(Inspection.of(LLAVA_HR).unexpected()).isEmpty();
    }
}
