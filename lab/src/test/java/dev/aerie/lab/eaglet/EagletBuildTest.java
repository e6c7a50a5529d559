package dev.aerie.lab.eaglet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.Progress;
import dev.aerie.eagle.Question;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import dev.aerie.tensor.DType;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.weights.Checkpoint;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way from nothing to a checkpoint that answers, in the fewest steps. What it says is noise.
class EagletBuildTest {

    @TempDir
    Path folder;

    private static final String[] SMALL = {"batch.global=2", "batch.micro=2"};

    private EagletBuild build(String towers, Consumer<String> say) {
        return new EagletBuild(new EagletFiles(folder), towers, 0, 8, Stage.Precision.FLOAT32, List.of(SMALL), say);
    }

    @Test
    void makesACheckpointThatLooksAndAnswers() {
        var said = new ArrayList<String>();
        var towers = "convnext-1024;pix2struct-1024";
        build(towers, said::add).run();

        assertThat(said).anyMatch(line -> line.startsWith("pix2struct-1024: character F1"));
        assertThat(said).anyMatch(line -> line.startsWith("fine-tune: after step 2: avg"));
        var drawing = World.draw(Split.SCORING.seed(0, 0));
        try (var eagle = Eagle.open(folder.resolve("eaglet"))) {
            assertThat(eagle.unexpected()).isEmpty();
            assertThat(eagle.template().name()).isEqualTo("eaglet");
            var tower = eagle.model().vision().orElseThrow().tower();
            assertThat(tower.tokens()).isEqualTo(Miniature.EAGLET.grid() * Miniature.EAGLET.grid());
            assertThat(tower.experts()).extracting(ExpertSpec::name).containsExactly("convnext", "pix2struct");
            AnswerListener silent = _ -> true;
            var how = AnswerOptions.DEFAULT.withMaxTokens(3).ignoringEnd();
            var question = new Question("how many shapes are there?", List.of(drawing.picture()));
            var answer = eagle.ask(question, how, silent);
            assertThat(answer.ids()).hasSize(3);
            assertThat(answer.promptIds()).startsWith(1, -200);
        }
    }

    /// What is finished is not made again.
    @Test
    void goesOnWithWhatIsMissing() throws Exception {
        var build = build("pix2struct-1024", _ -> {});
        build.run();
        var expert = new EagletFiles(folder).expert("pix2struct-1024");
        var made = Files.getLastModifiedTime(expert);
        Files.delete(folder.resolve("eaglet/model.safetensors"));
        build.run();
        assertThat(Files.getLastModifiedTime(expert)).isEqualTo(made);
        assertThat(folder.resolve("eaglet/model.safetensors")).exists();
        assertThat(experts("eaglet")).isNotEqualTo(experts("paged"));

        Files.delete(folder.resolve("captions/training.yaml")); // the run's own record is enough
        var files = new EagletFiles(folder).of("frozen");
        var frozen = List.of("variant=frozen", SMALL[0], SMALL[1]);
        new EagletBuild(files, "pix2struct-1024", 0, 8, Stage.Precision.FLOAT32, frozen, _ -> {}).run();
        assertThat(experts("frozen/eaglet")).isEqualTo(experts("frozen/paged"));
        assertThat(experts("paged")).isNotEqualTo(experts("frozen/paged"));

        // a trial's parts do not become those of the whole
        var whole = new EagletBuild(
                new EagletFiles(folder), "pix2struct-1024", 1, 8, Stage.Precision.FLOAT32, List.of(SMALL), _ -> {});
        assertThatThrownBy(whole::run).hasMessageContaining("begun with other settings");
    }

    /// The first values of a weight of the expert, to the precision of bfloat16.
    private List<Short> experts(String checkpoint) {
        try (var weights = Checkpoint.open(folder.resolve(checkpoint))) {
            var name = weights.names().stream()
                    .filter(each -> each.startsWith("model.vision_tower.") && each.endsWith("query.weight"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            var stored = weights.find(name).orElseThrow();
            int upper = stored.dtype() == DType.F32 ? 1 : 0; // of a float32, the half that bfloat16 keeps
            return IntStream.range(0, 64)
                    .mapToObj(i -> stored.data().getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, (1L + upper) * i + upper))
                    .toList();
        }
    }

    /// What a variant finds in the shared folder is of full length if nothing says otherwise.
    @Test
    void partsWithoutSettingsAreOfFullLength() throws Exception {
        var files = new EagletFiles(folder).of("short");
        var build = new EagletBuild(files, Miniature.X5, 0.1, 8, Stage.Precision.FLOAT32, List.of(), _ -> {});
        long full = steps(new EagletRecipe(files, Miniature.X5, 1, 1).recipe(List.of(), List.of()), "notes");
        assertThat(steps(build.recipe(), "notes")).isEqualTo(full / 10);
        Files.createDirectories(files.start());
        assertThat(steps(build.recipe(), "notes")).isEqualTo(full);
        Kept.write(folder.resolve("eaglet.json"), Map.of("budget", 0.2, "precision", "FLOAT32"));
        assertThat(steps(build.recipe(), "notes")).isEqualTo(full / 5);
        assertThat(steps(build.recipe(), "fine-tune")).isEqualTo(480);
    }

    private static long steps(Recipe recipe, String stage) {
        return recipe.stage(stage).pace().schedule(1).steps();
    }

    /// Questions alone, in a process that makes the decoder and one that goes on from it.
    @Test
    void makesAModelThatOnlyGuesses() {
        var said = new ArrayList<String>();
        var files = new EagletFiles(folder).of("blind");
        var build = new EagletBuild(
                files,
                Miniature.X5,
                0,
                8,
                Stage.Precision.FLOAT32,
                List.of("variant=blind", SMALL[0], SMALL[1]),
                said::add);
        assertThatThrownBy(() -> build.runOnly("fine-tune")).hasMessageContaining("captions has no result in");
        build.runOnly("captions");
        build.runOnly("notes");
        build.run();
        assertThat(said).filteredOn(line -> line.startsWith("notes: after")).hasSize(1);
        assertThat(folder.resolve("blind/runs/fine-tune/log.jsonl")).isNotEmptyFile();
        assertThat(folder.resolve("blind/runs/fine-tune/validation.jsonl"))
                .content()
                .contains("\"kinds\":{")
                .contains("\"gqa\":");
        assertThat(folder.resolve("blind/runs/recipe.yaml")).content().contains("world-blind");
        assertThat(folder.resolve("experts")).doesNotExist();
        assertThat(new Scoring(Setting.FULL, 4, 0)
                        .of(folder.resolve("blind/eaglet"), Progress.SILENT)
                        .all()
                        .asked())
                .isPositive();
    }
}
