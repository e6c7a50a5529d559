package dev.aerie.lab.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SettingTest {

    private static final int MANY = 400;

    @Test
    void theFullSettingIsTheWorld() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(Setting.FULL.draw(seed)).isEqualTo(World.draw(seed));
        }
        assertThat(Setting.FULL.families()).containsExactly(Family.values());
    }

    /// Three kinds, one character in a cell at most, short words.
    @Test
    void theEasySettingIsEasy() {
        var easy = Setting.EASY;
        var kinds = EnumSet.noneOf(Kind.class);
        var families = EnumSet.noneOf(Family.class);
        LongStream.range(0, MANY).mapToObj(easy::draw).forEach(drawing -> {
            kinds.add(drawing.kind());
            drawing.questions().forEach(question -> families.add(question.family()));
            var cells = new HashSet<Integer>();
            for (var character : drawing.characters()) {
                assertThat(character.x()).isBetween(5.0, World.SIDE - 5.0);
                assertThat(character.y()).isBetween(8.0, World.SIDE - 8.0);
                int cell = (int) (character.y() / easy.cell()) * Page.side(easy.cell())
                        + (int) (character.x() / easy.cell());
                assertThat(cells.add(cell)).isTrue();
            }
            assertThat(Page.of(drawing, easy.cell()).cells()).hasSize(64);
        });
        assertThat(kinds).containsExactlyElementsOf(easy.kinds());
        assertThat(families).containsExactlyElementsOf(easy.families());
    }
}
