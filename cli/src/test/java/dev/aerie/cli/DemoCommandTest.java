package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.cli.show.Readers;
import dev.aerie.cli.show.SixelReader;
import dev.aerie.image.Filter;
import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.image.Resize;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DemoCommandTest {

    private static final Pattern SEED = Pattern.compile("--seed (\\d+)");

    @TempDir
    private static Path models = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void make() {
        TinyEaglet.write(models.resolve("eaglet-x5"));
    }

    @Test
    void asksAboutPicturesAndSaysWhatIsRight() {
        var result = demo("--seed", 7, "--count", 2, "--questions", 2, "--out", folder);
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        for (int number = 0; number < 2; number++) {
            var drawing = drawing(7, number);
            var file = folder.resolve("aerie-demo-7-" + (number + 1) + ".png");
            assertThat(Pictures.read(file)).isEqualTo(drawing.picture());
            assertThat(result.out()).contains("picture: " + file);
            for (var question : drawing.questions().subList(0, 2)) {
                assertThat(result.out().lines())
                        .anyMatch(line -> line.startsWith("  " + question.text() + " ")
                                && (line.endsWith("  right") || line.endsWith("wrong, it is " + question.answer())));
            }
        }
        assertThat(result.out())
                .doesNotContain("\033", drawing(7, 0).questions().get(2).text());
        assertThat(result.out().lines().toList().getLast())
                .matches("\\d of 4 right; the same again: aerie demo --seed 7 --count 2 --questions 2");
    }

    /// Pictures are others each time, never of a training run, and come again by their seed.
    @Test
    void theSeedThatIsSaidRepeatsThePicture() {
        var first = demo("--questions", 1, "--out", folder);
        var seed = SEED.matcher(first.out());
        assertThat(seed.find()).isTrue();
        assertThat(demo("--questions", 1, "--out", folder, "--seed", seed.group(1))
                        .out())
                .isEqualTo(first.out());
        assertThat(Pictures.read(folder.resolve("aerie-demo-" + seed.group(1) + "-1.png")))
                .isEqualTo(drawing(Long.parseLong(seed.group(1)), 0).picture());
        assertThat(demo("--questions", 1, "--out", folder).out()).doesNotContain(seed.group());
    }

    @Test
    void jsonHasTheSameAnswers() {
        var text = demo("--seed", 5, "--count", 2, "--questions", 3, "--show", "none");
        var result = demo("--seed", 5, "--count", 2, "--questions", 3, "--json");
        assertThat(result.code()).isZero();
        var lines = result.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines).hasSize(2);
        for (int number = 0; number < 2; number++) {
            var json = lines.get(number);
            var drawing = drawing(5, number);
            assertThat(json.get("seed").longValue()).isEqualTo(5);
            assertThat(json.get("picture").intValue()).isEqualTo(number + 1);
            assertThat(json.get("kind").stringValue()).isEqualTo(drawing.kind().label());
            assertThat(json.get("asked").intValue())
                    .isEqualTo(3)
                    .isEqualTo(json.get("answers").size());
            for (int i = 0; i < 3; i++) {
                var answer = json.get("answers").get(i);
                var question = drawing.questions().get(i);
                assertThat(answer.get("question").stringValue()).isEqualTo(question.text());
                assertThat(answer.get("truth").stringValue()).isEqualTo(question.answer());
                assertThat(answer.get("family").stringValue())
                        .isEqualTo(question.family().label());
                assertThat(answer.get("right").booleanValue())
                        .isEqualTo(question.isAnsweredBy(answer.get("answer").stringValue()));
                assertThat(text.out()).contains(answer.get("answer").stringValue());
            }
        }
    }

    @Test
    void showsThePictureInEachForm() {
        var picture = drawing(3, 0).picture();
        var enlarged = Resize.resize(picture, 384, 384, Filter.NEAREST);
        assertThat(Readers.blocks(shown("blocks"))).isEqualTo(Resize.resize(picture, 80, 80, Filter.LANCZOS));
        assertThat(Readers.kitty(shown("kitty"))).isEqualTo(enlarged);
        var sixels = SixelReader.read(shown("SIXEL"));
        assertThat(sixels.width()).isEqualTo(384);
        assertThat(distance(sixels, enlarged)).isLessThan(5);
        assertThat(shown("none")).isEmpty();
    }

    /// What comes before the questions.
    private static String shown(String way) {
        var result = demo("--seed", 3, "--questions", 0, "--show", way);
        assertThat(result.code()).isZero();
        return result.out().substring(0, result.out().indexOf("0 of 0 right"));
    }

    private static double distance(Picture one, Picture other) {
        double sum = 0;
        for (int i = 0; i < one.rgb().length; i++) {
            sum += Math.abs((one.rgb()[i] & 0xFF) - (other.rgb()[i] & 0xFF));
        }
        return sum / one.rgb().length;
    }

    @Test
    void anotherModelCanBeNamed() {
        assertThat(Aerie.run("demo", "-m", models.resolve("eaglet-x5"), "--seed", 1, "--questions", 1, "--show", "none")
                        .out())
                .startsWith(demo("--seed", 1, "--questions", 1, "--show", "none")
                        .out()
                        .stripTrailing())
                .contains(" --model ");
    }

    @Test
    void refusesInOneLine() {
        for (var options : new Object[][] {
            {"--count", 0},
            {"--count", 100_000},
            {"--questions", -1},
            {"--seed", -1},
            {"--seed", 1L << 24},
            {"--seed", "x"},
            {"--show", "hologram"},
            {"--threads", -1},
            {"--model", "eaglet-x9"},
            {"--model", folder},
            {"--out", models.resolve("eaglet-x5").resolve("config.json")}
        }) {
            var result = demo(options);
            assertThat(result.code()).isEqualTo(Main.MISTAKE);
            assertThat(result.err()).startsWith("aerie: ").hasLineCount(1);
        }
    }

    @Test
    void helpNamesTheOptions() {
        var result = Aerie.run("demo", "--help");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("--seed", "--count", "--questions", "--show", "KITTY", "--out", "--model", "--json");
    }

    private static Drawing drawing(long seed, long number) {
        return World.draw(Split.SCORING.seed(seed, number));
    }

    private static Aerie.Result demo(Object... options) {
        var line = new ArrayList<Object>(List.of("demo"));
        line.addAll(List.of(options));
        return Shipped.in(models, () -> Aerie.run(line.toArray()));
    }
}
