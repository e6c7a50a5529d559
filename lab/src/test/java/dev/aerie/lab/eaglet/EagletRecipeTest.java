package dev.aerie.lab.eaglet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.train.data.ExamplesSource;
import dev.aerie.train.recipe.Pace;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Schedule;
import dev.aerie.train.recipe.Stage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the shipped recipe and its variants say.
class EagletRecipeTest {

    private static final EagletFiles FILES = new EagletFiles(Path.of("made"));

    private static Recipe recipe(EagletFiles files, String towers, double budget, String... set) {
        return new EagletRecipe(files, towers, budget, budget).recipe(List.of(), List.of(set));
    }

    @Test
    void isShippedUnderItsName() {
        var recipe = Recipe.find("eaglet", List.of());
        assertThat(recipe.stages())
                .extracting(Stage::name)
                .containsExactly(
                        "captions",
                        "notes",
                        "reading",
                        "linked",
                        "recalling",
                        "pages",
                        "pre-align",
                        "projector",
                        "fine-tune");
        assertThat(recipe.stage("pre-align").from().towers()).isEqualTo(Miniature.X5);
        for (var stage : recipe.stages()) {
            assertThat(ExamplesSource.named(stage.data().mixture())).isPresent();
            assertThat(stage.validation().map(Stage.Validation::mixture))
                    .contains(stage.data().mixture());
        }
        assertThat(Recipe.parse("copy", recipe.yaml(), List.of())).isEqualTo(recipe);
        var row = Miniature.EAGLET.grid() * Miniature.EAGLET.grid() + 128;
        assertThat(recipe.stage("fine-tune").data().maxLength()).isEqualTo(row);
        assertThat(recipe.stage("fine-tune").pace().schedule(1))
                .isEqualTo(new Schedule(Schedule.Kind.COSINE, 240, 4800, 0.03));
        assertThat(recipe.stage("captions").pace().schedule(1).warmup()).isEqualTo(120);
    }

    @Test
    void liesInAFolderAndTakesTheChosenExperts() {
        var recipe = recipe(FILES, "clip-448;pix2struct-1024", 0.1);
        var align = recipe.stage("pre-align");
        assertThat(align.from().experts())
                .containsExactly(
                        Map.entry("clip-448", Path.of("made/experts/clip-448.safetensors")),
                        Map.entry("pix2struct-1024", Path.of("made/experts/pix2struct-1024.safetensors")));
        assertThat(align.from().language()).contains(Path.of("notes"));
        assertThat(align.pace().length()).isEqualTo(new Pace.Length.Steps(15));
        assertThat(recipe.stage("captions").from().fresh()).contains(Path.of("made/start"));
        assertThat(recipe.stages())
                .extracting(stage -> stage.to().orElseThrow())
                .containsExactly(
                        Path.of("made/captions"),
                        Path.of("made/notes"),
                        Path.of("made/reading"),
                        Path.of("made/linked"),
                        Path.of("made/recalling"),
                        Path.of("made/pages"),
                        Path.of("made/aligned"),
                        Path.of("made/projector"),
                        Path.of("made/eaglet"));
        assertThatThrownBy(() -> recipe(FILES, "siglip-384", 1)).hasMessageContaining("expected some of");
    }

    /// Before the experts are joined variants do the same, unless they say otherwise.
    @Test
    void variantsShareWhatTheyDoNotChange() {
        var files = FILES.of("other");
        var frozen = recipe(files, Miniature.X5, 1, "variant=frozen");
        assertThat(frozen.stage("fine-tune").learn()).containsEntry("experts", 0.0);
        assertThat(frozen.stage("pre-align").to()).contains(Path.of("made/aligned"));
        assertThat(frozen.stage("fine-tune").to()).contains(Path.of("made/other/eaglet"));
        var changed = recipe(files, Miniature.X5, 1, "notes.learn.language=1e-3");
        assertThat(changed.stage("notes").to()).contains(Path.of("made/other/notes"));
        assertThat(changed.stage("pre-align").to()).contains(Path.of("made/other/aligned"));
    }

    @Test
    void withoutPreAlignmentTheProjectorTakesExpertsFromTheirOwnTasks() {
        var recipe = recipe(FILES.of("straight"), "sam-1024", 1, "variant=no-pre-align");
        assertThat(recipe.stages())
                .extracting(Stage::name)
                .containsExactly(
                        "captions", "notes", "reading", "linked", "recalling", "pages", "projector", "fine-tune");
        assertThat(recipe.stage("projector").from())
                .isEqualTo(new Stage.From(
                        Optional.empty(),
                        Map.of("sam-1024", Path.of("made/experts/sam-1024.safetensors")),
                        Optional.of(Path.of("notes")),
                        Optional.empty(),
                        Optional.empty(),
                        "mlp2x_gelu_norm"));
    }

    @Test
    void aBlindModelNeedsNoExperts() {
        var plan = new EagletRecipe(FILES.of("blind"), Miniature.X5, 0.1, 1);
        var recipe = plan.recipe(List.of(), List.of("variant=blind"));
        assertThat(recipe.stages())
                .extracting(Stage::name)
                .containsExactly("captions", "notes", "reading", "linked", "recalling", "pages", "fine-tune");
        assertThat(recipe.stage("fine-tune").learn()).containsOnlyKeys("language");
        assertThat(plan.schooled(recipe)).isEmpty();
        assertThat(recipe.stage("pages").to()).contains(Path.of("made/pages"));
        assertThat(recipe.stage("pages").pace().schedule(1).steps()).isEqualTo(1400);
        assertThat(recipe.stage("fine-tune").pace().schedule(1).steps()).isEqualTo(480);
    }
}
