package dev.aerie.lab.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {

    private static final List<Drawing> DRAWINGS =
            Series.of(Split.VALIDATION, 13).drawings().limit(500).toList();

    @Test
    void everyCharacterStandsWhereItIsDrawn() {
        for (var drawing : DRAWINGS) {
            var words = Page.of(drawing).words();
            assertThat(words).hasSize(Page.SIDE * Page.SIDE);
            for (var character : drawing.characters()) {
                int cell = (int) (character.y() / CharacterGrid.CELL) * Page.SIDE
                        + (int) (character.x() / CharacterGrid.CELL);
                assertThat(words.get(cell)).as(drawing.caption()).isEqualTo(Character.toString(character.character()));
            }
        }
    }

    /// Shapes are named whole, near their middle.
    @Test
    void shapesHaveSizeColourAndName() {
        int shapes = 0;
        for (var drawing : DRAWINGS) {
            var words = Page.of(drawing).words();
            for (var object : drawing.objects()) {
                if (Category.SHAPES.contains(object.category())) {
                    var box = object.box();
                    int cell = (box.top() + box.height() / 2) / CharacterGrid.CELL * Page.SIDE
                            + (box.left() + box.width() / 2) / CharacterGrid.CELL;
                    assertThat(words.subList(cell, cell + 3))
                            .contains(object.colour().word(), object.category().word())
                            .containsAnyOf("large", "small");
                    assertThat(drawing.caption())
                            .contains(words.get(cell) + " " + object.colour().word() + " "
                                    + object.category().word());
                    shapes++;
                }
            }
        }
        assertThat(shapes).isGreaterThan(100);
    }

    @Test
    void everyWordIsOneToken() {
        var tokens = WorldTokenizer.tokens();
        for (var drawing : DRAWINGS) {
            for (var word : Page.of(drawing).words()) {
                assertThat(word.length() <= 1 || tokens.contains("▁" + word))
                        .as(word)
                        .isTrue();
            }
        }
    }
}
