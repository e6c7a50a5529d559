package dev.aerie.lab.eaglet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.Question;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import dev.aerie.tensor.DType;
import dev.aerie.vision.ExpertSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way from nothing to a checkpoint that answers, in the fewest steps. What it says is noise.
class EagletBuildTest {

    @TempDir
    Path folder;

    @Test
    void makesACheckpointThatLooksAndAnswers() {
        var said = new ArrayList<String>();
        var towers = "convnext-1024;pix2struct-1024";
        new EagletBuild(new EagletFiles(folder), 0, 8, DType.F32, said::add).run(towers);

        assertThat(said).anyMatch(line -> line.startsWith("pix2struct-1024: character F1"));
        assertThat(said).anyMatch(line -> line.startsWith("fine-tune: after step 2: avg"));
        var drawing = World.draw(Split.SCORING.seed(0, 0));
        try (var eagle = Eagle.open(folder.resolve("eaglet"))) {
            assertThat(eagle.unexpected()).isEmpty();
            assertThat(eagle.template().name()).isEqualTo("eaglet");
            var tower = eagle.model().vision().orElseThrow().tower();
            assertThat(tower.tokens()).isEqualTo(64);
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
        var build = new EagletBuild(new EagletFiles(folder), 0, 8, DType.F32, _ -> {});
        build.run("pix2struct-1024");
        var expert = new EagletFiles(folder).expert("pix2struct-1024");
        var made = Files.getLastModifiedTime(expert);
        Files.delete(folder.resolve("eaglet/model.safetensors"));
        build.run("pix2struct-1024");
        assertThat(Files.getLastModifiedTime(expert)).isEqualTo(made);
        assertThat(folder.resolve("eaglet/model.safetensors")).exists();
    }
}
