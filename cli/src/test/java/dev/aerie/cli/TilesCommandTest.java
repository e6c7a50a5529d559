package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TilesCommandTest {

    private static final Path X2 = Aerie.MODELS.resolve("eagle-x2-tiny");
    private static final int OUTLINE = 0xC8452B;

    @TempDir
    private Path folder = Path.of("");

    private Path picture = Path.of("");

    @BeforeEach
    void write() {
        picture = folder.resolve("picture.png");
        Pictures.writePng(Picture.filled(640, 480, 20, 120, 220), picture);
    }

    @Test
    void printsATable() {
        var result = Aerie.run("tiles", picture);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "method tiles picture tile views tokens",
                        "llava-next 2x2 + whole 672x504 336x336 5 2,340",
                        "internvl 4x3 + whole 1792x1344 448x448 13 3,328",
                        "llava-uhd 2x1 + whole 728x546 364x546 3 194",
                        "4khd 4x3 + whole 1344x1008 336x336 13 1,921",
                        "monkey 2x2 + whole 896x896 448x448 5 1,280");
    }

    @Test
    void printsObjects() {
        var result = Aerie.run("tiles", picture, "--json", "--method", "internvl:6,llava-uhd");
        var objects = result.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(objects).extracting(JsonNode::size).containsExactly(10, 10);
        assertThat(objects.getFirst().get("method").stringValue()).isEqualTo("internvl:6");
        assertThat(objects.getFirst().get("columns").intValue()).isEqualTo(3);
        assertThat(objects.getFirst().get("tokens").intValue()).isEqualTo(7 * 256);
        assertThat(objects.getLast().get("order"))
                .extracting(JsonNode::stringValue)
                .containsExactly("view 0: 8x8 tokens", "comma", "view 1: 8x8 tokens", "newline", "view 2: 8x8 tokens");
    }

    /// A checkpoint's own tiles: those of the tiny Eagle are 1,024 pixels and 32 tokens wide.
    @Test
    void takesTheTilesOfACheckpoint() {
        var result = Aerie.run("tiles", picture, "-m", X2, "--json", "--method", "4khd:1");
        var object = JsonMapper.shared().readTree(result.out());
        assertThat(object.get("tile")).extracting(JsonNode::intValue).containsExactly(1024, 1024);
        assertThat(object.get("tokens").intValue()).isEqualTo(2 * 16 * 17 + 1);
    }

    @Test
    void drawsEveryView() {
        var sheet = folder.resolve("sheet.png");
        assertThat(Aerie.run("tiles", picture, "-o", sheet).code()).isZero();
        var drawn = Pictures.read(sheet);
        assertThat(count(drawn, OUTLINE)).isGreaterThan(2000);
        assertThat(count(drawn, 20 << 16 | 120 << 8 | 220)).isGreaterThan(100_000);
    }

    private static long count(Picture picture, int colour) {
        var rgb = picture.rgb();
        return IntStream.range(0, rgb.length / 3)
                .filter(i ->
                        ((rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF) == colour)
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"owl", "internvl:x", "internvl:0", "llava-next:7"})
    void unknownMethodsAreRefused(String method) {
        refused(Aerie.run("tiles", picture, "--method", method), "tiling|tile by");
        refused(Aerie.run("ask", "-m", X2, "--tiling", method, "-i", picture, "What?"), "tiling|tile by");
    }

    @Test
    void otherMistakesAreOneLine() throws Exception {
        refused(Aerie.run("tiles"), "PICTURE");
        refused(Aerie.run("tiles", folder.resolve("none.png")), "none.png");
        var words = Files.writeString(folder.resolve("words.png"), "no picture");
        refused(Aerie.run("tiles", words), "words.png");
        refused(Aerie.run("tiles", picture, "-m", folder), "config.json");
    }

    private static void refused(Aerie.Result result, String pattern) {
        assertThat(result.code()).isEqualTo(Main.MISTAKE);
        assertThat(result.err()).startsWith("aerie: ").containsPattern(pattern).hasLineCount(1);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void questionsAreAskedAboutTiles() {
        var whole = ask("internvl:1");
        var tiled = ask("internvl:3");
        assertThat(tiled.at("/timings/prompt_tokens").intValue()
                        - whole.at("/timings/prompt_tokens").intValue())
                .isEqualTo(2 * 256); // two tiles and the whole
        refused(
                Aerie.run("ask", "-m", X2, "--tiling", "internvl", "-i", picture, "What?"),
                "3328 are pictures in tiles by internvl");
    }

    private JsonNode ask(String tiling) {
        var wide = folder.resolve("wide.png");
        Pictures.writePng(Picture.filled(400, 200, 9, 9, 200), wide);
        var result = Aerie.run("ask", "-m", X2, "--tiling", tiling, "--json", "--max-tokens", 2, "-i", wide, "What?");
        assertThat(result.err()).isEmpty();
        return JsonMapper.shared().readTree(result.out());
    }
}
