package dev.aerie.lab.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.lab.world.Category;
import dev.aerie.lab.world.CharacterGrid;
import dev.aerie.lab.world.Colour;
import dev.aerie.lab.world.DetectionGrid;
import dev.aerie.lab.world.Kind;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoundTest {

    private static DetectionGrid objects() {
        int n = DetectionGrid.SIDE * DetectionGrid.SIDE;
        var grid = new DetectionGrid(new int[n], new int[n], new float[4 * n]);
        Arrays.fill(grid.classes(), DetectionGrid.NONE);
        return grid;
    }

    /// An object with its middle in the middle of a cell.
    private static void put(
            DetectionGrid grid, int cell, Category category, Colour colour, double width, double height) {
        grid.classes()[cell] = category.ordinal();
        grid.colours()[cell] = colour.ordinal();
        grid.boxes()[4 * cell] = 0.5f;
        grid.boxes()[4 * cell + 1] = 0.5f;
        grid.boxes()[4 * cell + 2] = (float) (width / World.SIDE);
        grid.boxes()[4 * cell + 3] = (float) (height / World.SIDE);
    }

    private static CharacterGrid characters(String... rows) {
        var grid = new CharacterGrid(new int[CharacterGrid.SIDE * CharacterGrid.SIDE]);
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < rows[row].length(); column++) {
                grid.classes()[row * CharacterGrid.SIDE + column] = CharacterGrid.classOf(rows[row].charAt(column));
            }
        }
        return grid;
    }

    @Test
    void aTextBelongsToTheSmallestThingAroundIt() {
        var objects = objects();
        put(objects, 0, Category.BOX, Colour.RED, 60, 16); // its middle at 8, 8
        put(objects, 1, Category.STAR, Colour.TEAL, 200, 200);
        put(objects, 63, Category.STAR, Colour.BLUE, 16, 16);
        var found = Found.of(Optional.of(objects), Optional.of(characters("ab", "", "", "", "", "  4 2       z")));
        assertThat(found.things()).hasSize(3);
        assertThat(found.things().get(0).texts()).containsExactly("ab");
        assertThat(found.things().get(1).texts()).containsExactly("42", "z");
        assertThat(found.texts()).isEmpty();
        assertThat(Wording.shipped().say(found))
                .isEqualTo("red box top left: ab. teal star top left: 42 z. blue star bottom right.");
    }

    @Test
    void eachFinderSpeaksAlone() {
        var reader = Found.of(Optional.empty(), Optional.of(characters("", "", "", "", "", "", "", "     u n o w")));
        assertThat(Wording.shipped().say(reader)).isEqualTo("unow middle.");
        var objects = objects();
        put(objects, 8 * 4 + 7, Category.RIGHT_TRIANGLE, Colour.PINK, 20, 20);
        assertThat(Wording.shipped().say(Found.of(Optional.of(objects), Optional.empty())))
                .isEqualTo("pink triangle right.");
        assertThat(Wording.shipped().say(Found.of(Optional.of(objects()), Optional.empty())))
                .isEmpty();
    }

    /// In the drawn world: a perfect finder says every sign with its words.
    @Test
    void signsAreSaidWithTheirWords() {
        LongStream.range(0, 40).forEach(i -> {
            var drawing = World.draw(Split.VALIDATION.seed(3, i), Kind.SIGNS);
            var said = Wording.shipped().say(Found.of(drawing));
            var boxes = Arrays.stream(drawing.caption().split("\\."))
                    .map(String::strip)
                    .filter(sentence -> !sentence.isEmpty())
                    .toList();
            assertThat(said.split("\\.")).describedAs(said).hasSizeGreaterThanOrEqualTo(boxes.size());
            for (var box : boxes) {
                var words = box.split(" ");
                assertThat(said).containsPattern(words[0] + " box [a-z ]*: " + words[words.length - 1]);
            }
        });
    }

    @Test
    void allIsSaidInTheWorldsWords() {
        var vocabulary = dev.aerie.lab.world.WorldTokenizer.tokens();
        LongStream.range(0, 60).forEach(i -> {
            var said = Wording.shipped().say(Found.of(Setting.FULL.draw(Split.VALIDATION.seed(4, i))));
            assertThat(said).isNotEmpty();
            for (var word : said.replaceAll("[.:]", "").split(" ")) {
                boolean whole = vocabulary.contains("▁" + word);
                assertThat(whole || word.chars().allMatch(c -> CharacterGrid.classOf((char) c) > 0))
                        .describedAs(word)
                        .isTrue();
            }
        });
    }

    @Test
    void aWordingIsData(@TempDir Path folder) throws Exception {
        assertThat(Wording.in(folder)).isEqualTo(Wording.shipped());
        var file = folder.resolve("words.json");
        Files.writeString(
                file, "{\"thing\": \"a {thing}\", \"holding\": \"{thing} says {text}\", \"text\": \"{text}\"}");
        var objects = objects();
        put(objects, 0, Category.STAR, Colour.RED, 10, 10);
        assertThat(Wording.in(folder).say(Found.of(Optional.of(objects), Optional.empty())))
                .isEqualTo("a star");
        for (var wrong : List.of("{}", "[]", "{\"thing\": 3", "{\"thing\": \"x\", \"text\": \"y\"}")) {
            Files.writeString(file, wrong);
            assertThatThrownBy(() -> Wording.in(folder))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("words.json");
        }
    }
}
