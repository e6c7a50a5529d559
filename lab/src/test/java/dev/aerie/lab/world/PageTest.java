package dev.aerie.lab.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.image.Box;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {

    private static final List<String> ORDINALS = List.of("first", "second", "third", "fourth");

    private static final List<Drawing> DRAWINGS =
            Series.of(Split.VALIDATION, 13).drawings().limit(500).toList();

    /// Keys of fields are read as one word.
    @Test
    void everyCharacterStandsWhereItIsDrawn() {
        for (var drawing : DRAWINGS) {
            var page = Page.of(drawing, CharacterGrid.CELL);
            assertThat(page.cells()).hasSize(CharacterGrid.SIDE * CharacterGrid.SIDE);
            for (var character : drawing.kind() == Kind.DOC ? List.<DrawnCharacter>of() : drawing.characters()) {
                assertThat(cell(page, character.x(), character.y()))
                        .as(drawing.caption())
                        .contains(Character.toString(character.character()));
            }
        }
    }

    /// All that the caption says of a shape stands in one cell of its box.
    @Test
    void shapesAreNamedWhole() {
        int shapes = 0;
        for (var drawing : DRAWINGS) {
            var page = Page.of(drawing, CharacterGrid.CELL);
            for (var sentence : drawing.caption().split("\\. ?")) {
                if (drawing.kind() == Kind.SCENE) {
                    assertThat(page.cells())
                            .as(sentence)
                            .anySatisfy(cell -> assertThat(cell).containsExactly(sentence.split(" ")));
                    shapes++;
                }
            }
            for (var object : drawing.objects()) {
                if (Category.SHAPES.contains(object.category())) {
                    assertThat(cells(page, object.box()))
                            .anySatisfy(cell -> assertThat(cell)
                                    .contains(
                                            object.colour().word(),
                                            object.category().word()));
                }
            }
        }
        assertThat(shapes).isGreaterThan(100);
    }

    /// Every answer that is read can be put together from cells that name what was asked for.
    @Test
    void whatIsAskedForStandsBesideItsName() {
        int read = 0;
        for (var drawing : DRAWINGS) {
            var page = Page.of(drawing, CharacterGrid.CELL);
            for (var question : drawing.questions()) {
                var asked = question.text().replaceAll("[?.]", "").split(" ");
                var name = switch (question.family()) {
                    case OCR -> List.of(asked).contains("say") ? asked[3] : asked[2];
                    case TEXT -> question.text().startsWith("read the") ? asked[2] : "";
                    case DOC -> question.text().startsWith("what is the") ? asked[3] : "";
                    default -> "";
                };
                if (!name.isEmpty()) {
                    var said = new StringBuilder();
                    for (var cell : page.cells()) {
                        if (cell.contains(name)) {
                            cell.stream().filter(word -> word.length() == 1).forEach(said::append);
                        }
                    }
                    assertThat(said).as(question.text()).hasToString(question.answer());
                    read++;
                }
            }
        }
        assertThat(read).isGreaterThan(300);
    }

    /// From the end of an arrow at the node that is asked for to the corner that it names, and to the letter there.
    @Test
    void arrowsAreFollowedFromNoteToNote() {
        int followed = 0;
        for (var drawing : DRAWINGS) {
            var page = Page.of(drawing, CharacterGrid.CELL);
            for (var question : drawing.questions()) {
                var asked = question.text().replace("?", "").split(" ");
                if (question.family() == Family.DIAG && question.text().startsWith("what comes")) {
                    var end = only(page, asked[2], asked[3]);
                    var corner = end.stream().filter(ORDINALS::contains).findFirst();
                    assertThat(only(page, "node", corner.orElseThrow()))
                            .as(question.text())
                            .contains(question.answer());
                    followed++;
                }
            }
        }
        assertThat(followed).isGreaterThan(100);
    }

    /// The one cell that has both words.
    private static List<String> only(Page page, String first, String second) {
        var found = page.cells().stream()
                .filter(cell -> cell.contains(first) && cell.contains(second))
                .toList();
        assertThat(found).as(first + " and " + second).hasSize(1);
        return found.getFirst();
    }

    @Test
    void everyWordIsOneToken() {
        var tokens = WorldTokenizer.tokens();
        for (var drawing : DRAWINGS) {
            for (var cell : Page.of(drawing, CharacterGrid.CELL).cells()) {
                assertThat(cell).allMatch(word -> word.length() == 1 || tokens.contains("▁" + word));
            }
        }
    }

    private static List<String> cell(Page page, double x, double y) {
        return page.cells().get((int) (y / CharacterGrid.CELL) * CharacterGrid.SIDE + (int) (x / CharacterGrid.CELL));
    }

    private static List<List<String>> cells(Page page, Box box) {
        var cells = new ArrayList<List<String>>();
        for (int y = box.top(); y < box.top() + box.height(); y += 4) {
            for (int x = box.left(); x < box.left() + box.width(); x += 4) {
                cells.add(cell(page, x, y));
            }
        }
        return cells;
    }
}
