package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.image.Pictures;
import dev.aerie.lab.world.Kind;
import dev.aerie.lab.world.Series;
import dev.aerie.lab.world.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class WorldCommandTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void drawsASheet() {
        var sheet = folder.resolve("sheet.png");
        var result = Aerie.run("world", "--count", "5", "--seed", "3", "--sheet", sheet);
        assertThat(result.code()).isZero();
        assertThat(result.out().strip()).isEqualTo(sheet + ": 5 pictures");
        assertThat(Pictures.read(sheet).width()).isGreaterThan(3 * 256);
    }

    @Test
    void writesDataOfTheKindsAskedFor() throws IOException {
        var result = Aerie.run(
                "world", "--count", 4, "--seed", 1, "--out", folder, "--kind", "doc,signs", "--split", "scoring");
        assertThat(result.code()).isZero();
        var records = JsonMapper.shared().readTree(Files.readString(folder.resolve("world.json")));
        assertThat(records).hasSize(4);
        var first = new Series(Split.SCORING, 1, Set.of(Kind.DOC, Kind.SIGNS))
                .drawings()
                .findFirst()
                .orElseThrow();
        assertThat(records.at("/0/conversations/1/value").stringValue())
                .isEqualTo(first.questions().getFirst().answer());
        assertThat(Pictures.read(
                        folder.resolve("images").resolve(records.at("/0/image").stringValue())))
                .isEqualTo(first.picture());
    }

    @Test
    void refusesInOneLine() {
        for (var line : new Object[][] {
            {"world"},
            {"world", "--count", "0", "--sheet", folder.resolve("x.png")},
            {"world", "--count", "1000", "--sheet", folder.resolve("x.png")},
            {"world", "--seed", "-1", "--out", folder},
            {"world", "--count", "0", "--out", folder},
            {"world", "--kind", "poem", "--out", folder},
            {"world", "--sheet", folder.resolve("none").resolve("x.png"), "--count", "1"}
        }) {
            var result = Aerie.run(line);
            assertThat(result.code()).isEqualTo(Main.MISTAKE);
            assertThat(result.err()).startsWith("aerie: ").hasLineCount(1);
        }
        assertThat(folder).isEmptyDirectory();
    }
}
