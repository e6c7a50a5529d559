package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.image.Pictures;
import dev.aerie.lab.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ShippedModelsTest {

    private static final Path X2 = Aerie.MODELS.resolve("eagle-x2-tiny");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aNameStandsForItsFolderWhereverAModelIsTaken() {
        TinyEaglet.write(folder.resolve("eaglet-x5"));
        var picture = folder.resolve("drawn.png");
        Pictures.writePng(World.draw(1).picture(), picture);
        for (var name : new String[] {"eaglet", "eaglet-x5"}) {
            var answer = Shipped.in(
                    folder,
                    () -> Aerie.run("ask", "--model", name, "-i", picture, "--json", "--max-tokens", 3, "what is it?"));
            assertThat(answer.code()).isZero();
            // The beginning, the picture, three words and a mark, and the token that the answer follows.
            assertThat(JsonMapper.shared().readTree(answer.out()).get("prompt_ids"))
                    .hasSize(7);
            var inspected = Shipped.in(folder, () -> Aerie.run("inspect", name, "--json"));
            assertThat(inspected.code()).isZero();
            var json = JsonMapper.shared().readTree(inspected.out());
            assertThat(json.get("architecture").stringValue()).isEqualTo("EagleLlamaForCausalLM");
            assertThat(json.get("missing")).isEmpty();
        }
    }

    /// A folder that a user has comes first.
    @Test
    void pathsAreTakenAsTheyAre() {
        assertThat(ShippedModels.find(X2)).isEqualTo(X2);
        assertThat(ShippedModels.find(Path.of("none/eaglet"))).isEqualTo(Path.of("none/eaglet"));
        assertThat(ShippedModels.find(Path.of("/eaglet"))).isEqualTo(Path.of("/eaglet"));
        assertThat(Shipped.in(folder, () -> ShippedModels.find(Path.of("src")))).isEqualTo(Path.of("src"));
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        refused("start with ./aerie", Aerie.run("ask", "-m", "eaglet", "What?"));
        refused(
                folder.resolve("eaglet-x5").resolve("config.json").toString(),
                Shipped.in(folder, () -> Aerie.run("inspect", "eaglet")));
        Files.createDirectories(folder.resolve("eaglet-x5"));
        refused("aerie lab eaglet", Shipped.in(folder, () -> Aerie.run("lab", "score", "-m", "eaglet", "--count", 1)));
        refused("name one of eaglet, eaglet-x5", Aerie.run("ask", "-m", "eaglte", "What?"));
    }

    private static void refused(String message, Aerie.Result result) {
        assertThat(result.code()).isEqualTo(Main.MISTAKE);
        assertThat(result.err()).contains(message).hasLineCount(1);
    }
}
