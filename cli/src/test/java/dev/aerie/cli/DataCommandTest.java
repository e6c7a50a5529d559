package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DataCommandTest {

    private static final Path X2 = Aerie.MODELS.resolve("eagle-x2-tiny");

    @TempDir
    private Path folder = Path.of("");

    private Path records = Path.of("");

    @BeforeEach
    void write() throws IOException {
        Pictures.writePng(Picture.filled(40, 20, 200, 30, 30), folder.resolve("red.png"));
        records = Files.writeString(folder.resolve("records.json"), """
                [{"id": "good", "image": "red.png", "conversations": [
                   {"from": "human", "value": "<image>\\nWhat colour?"}, {"from": "gpt", "value": "Red."},
                   {"from": "human", "value": "Sure?"}, {"from": "gpt", "value": "Yes\\u001b[2J."}]},
                 {"id": "lost", "image": "blue.png", "conversations": [
                   {"from": "human", "value": "What?"}, {"from": "gpt", "value": "Blue."}]},
                 {"id": "mute", "conversations": [{"from": "human", "value": "What?"}, {"from": "gpt", "value": ""}]},
                 {"id": "text", "conversations": [{"from": "human", "value": "One?"}, {"from": "gpt", "value": "Two."}]}]
                """);
    }

    @Test
    void checkNamesWhatIsBroken() {
        var result = Aerie.run("data", "check", records, "-m", X2);
        assertThat(result.code()).isEqualTo(Main.FAILURE);
        assertThat(result.out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "records 4",
                        " with a picture 2",
                        " text only 2",
                        "missing picture 1",
                        "empty answer 1",
                        "skipped in training 2")
                .anyMatch(line -> line.startsWith(" lost: there is no picture"))
                .anyMatch(line -> line.startsWith(" mute: message 2"))
                .anyMatch(line -> line.startsWith("positions median"));
    }

    @Test
    void checkSaysTheSameInJson() {
        var result = Aerie.run("data", "check", records, "--pictures", folder, "--json");
        assertThat(result.code()).isEqualTo(Main.FAILURE);
        var json = JsonMapper.shared().readTree(result.out());
        assertThat(json.at("/flaws/missing picture").intValue()).isEqualTo(1);
        assertThat(json.at("/findings/0/id").stringValue()).isEqualTo("lost");
        assertThat(json.at("/findings/0/index").intValue()).isEqualTo(1);
        assertThat(json.at("/findings")).hasSize(2);
        assertThat(json.at("/words/p50").intValue()).isEqualTo(2);
        assertThat(json.at("/skipped").intValue()).isEqualTo(2);
    }

    @Test
    void checkOfAManifestWithoutFlawsIsContent() throws IOException {
        var manifest = Files.writeString(folder.resolve("mix.yaml"), """
                sources:
                  - { name: mine, records: records.json, pictures: ., count: 0, published: 7 }
                """);
        var result = Aerie.run("data", "check", manifest);
        assertThat(result.code()).isZero();
        assertThat(result.out()).containsPattern("of mine +0 \\(7 published\\)").containsPattern("broken +nothing");
    }

    @Test
    void mistakesAreOneLine() throws IOException {
        var misspelt = Files.writeString(folder.resolve("mix.yaml"), "sources: [{recods: a.json}]");
        for (var result : new Aerie.Result[] {
            Aerie.run("data"),
            Aerie.run("data", "check", folder.resolve("none.json")),
            Aerie.run("data", "check", misspelt),
            Aerie.run("data", "check", "sft-934k", "--folder", folder),
            Aerie.run("data", "check", records, "-m", X2, "--rows", "none"),
            Aerie.run("data", "show", records, "--index", 4),
            Aerie.run("data", "show", records, "--id", "none"),
            Aerie.run("data", "show", records, "--id", "text", "--picture", folder.resolve("out.png"))
        }) {
            assertThat(result.code()).isEqualTo(Main.MISTAKE);
            assertThat(result.err()).startsWith("aerie: ").hasLineCount(1);
        }
    }

    @Test
    void showMarksWhatIsLearned() {
        var result = Aerie.run("data", "show", records, "-m", X2, "--template", "v1");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("good  (record 0 of 4)")
                .contains("[picture: 1024 tokens]")
                .contains("What colour? ASSISTANT:")
                .contains("What colour? ASSISTANT:« Red.</s>»")
                .contains("»USER: Sure? ASSISTANT:« Yes")
                .doesNotContain("\033");
        assertThat(result.out().chars().filter(c -> c == '«')).hasSize(2);
        var coloured = Aerie.run("data", "show", records, "-m", X2, "--template", "v1", "--color");
        assertThat(coloured.out()).contains("\033[32m").doesNotContain("«").doesNotContain("\033[2J");
    }

    @Test
    void showTellsIndependentTurnsApart() {
        var result = Aerie.run("data", "show", records, "-m", X2, "--rows", "independent-turns");
        assertThat(result.out()).contains("\n[turn 1] ").contains("\n[turn 2] ").doesNotContain("[turn 3]");
    }

    @Test
    void showWritesThePictureAsTheModelSeesIt() {
        var file = folder.resolve("seen.png");
        var result = Aerie.run("data", "show", records, "--id", "good", "--picture", file);
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("human: <image>\nWhat colour?")
                .contains("gpt: Red.")
                .doesNotContain("\033");
        var seen = Pictures.read(file);
        assertThat(seen.width()).isEqualTo(1024);
        assertThat(seen.height()).isEqualTo(1024);
        assertThat(seen.rgb()[3 * (512 * 1024 + 512)]).isEqualTo((byte) 200);
        assertThat(seen.rgb()[0]).isEqualTo((byte) 122);
    }
}
