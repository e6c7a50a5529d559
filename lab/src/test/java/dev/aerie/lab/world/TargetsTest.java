package dev.aerie.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TargetsTest {

    private static final List<Drawing> DRAWINGS =
            Series.of(Split.VALIDATION, 12).drawings().limit(1500).toList();

    /// No character is lost: no cell holds two.
    @Test
    void everyCharacterHasItsCell() {
        for (var drawing : DRAWINGS) {
            var grid = CharacterGrid.of(drawing);
            assertThat(Arrays.stream(grid.classes())
                            .filter(number -> number > 0)
                            .count())
                    .as("%d: %s", drawing.seed(), drawing.caption())
                    .isEqualTo(drawing.characters().size());
            for (var character : drawing.characters()) {
                var cell = (int) (character.y() / 8) * 16 + (int) (character.x() / 8);
                assertThat(CharacterGrid.character(grid.classes()[cell])).isEqualTo(character.character());
            }
        }
    }

    @Test
    void charactersAndClassesAreOneToOne() {
        for (var number = 1; number < CharacterGrid.CLASSES; number++) {
            assertThat(CharacterGrid.classOf(CharacterGrid.character(number))).isEqualTo(number);
        }
        assertThat(CharacterGrid.classOf('0')).isEqualTo(1);
        assertThat(CharacterGrid.classOf('z')).isEqualTo(36);
        assertThat(CharacterGrid.classOf(':')).isZero();
    }

    @Test
    void cellsTellObjects() {
        var lost = 0;
        var all = 0;
        for (var drawing : DRAWINGS) {
            var grid = DetectionGrid.of(drawing);
            var found = 0;
            for (var cell = 0; cell < DetectionGrid.SIDE * DetectionGrid.SIDE; cell++) {
                assertThat(grid.classes()[cell] == DetectionGrid.NONE)
                        .isEqualTo(grid.colours()[cell] == DetectionGrid.NONE);
                if (grid.classes()[cell] != DetectionGrid.NONE) {
                    found++;
                    check(drawing, grid, cell);
                } else {
                    assertThat(Arrays.copyOfRange(grid.boxes(), 4 * cell, 4 * cell + 4))
                            .containsOnly(0);
                }
            }
            all += drawing.objects().size();
            lost += drawing.objects().size() - found;
        }
        assertThat((double) lost / all).isLessThan(0.005);
    }

    private static void check(Drawing drawing, DetectionGrid grid, int cell) {
        var x = (cell % 8 + grid.boxes()[4 * cell]) * 16;
        var y = (cell / 8 + grid.boxes()[4 * cell + 1]) * 16;
        var width = grid.boxes()[4 * cell + 2] * 128;
        var height = grid.boxes()[4 * cell + 3] * 128;
        assertThat(drawing.objects()).anySatisfy(object -> {
            assertThat(object.category()).isEqualTo(Category.values()[grid.classes()[cell]]);
            assertThat(object.colour()).isEqualTo(Colour.values()[grid.colours()[cell]]);
            assertThat(x - width / 2).isCloseTo(object.box().left(), within(1e-3f));
            assertThat(y - height / 2).isCloseTo(object.box().top(), within(1e-3f));
            assertThat(width).isCloseTo(object.box().width(), within(1e-3f));
            assertThat(height).isCloseTo(object.box().height(), within(1e-3f));
        });
    }

    @Test
    void promptsStandOnObjects() {
        for (var drawing : DRAWINGS) {
            var prompts = MaskPrompts.of(drawing, 5);
            assertThat(prompts.instances().side()).isEqualTo(32);
            assertThat(prompts.points()).hasSize(16);
            for (var i = 0; i < MaskPrompts.POINTS; i++) {
                var point = prompts.points()[i];
                var id = drawing.instances().at(point % 32 * 4 + 2, point / 32 * 4 + 2);
                assertThat(id).isPositive();
                assertThat(prompts.isInside(i, point)).isTrue();
                var inside = 0;
                for (var pixel = 0; pixel < 32 * 32; pixel++) {
                    inside += prompts.isInside(i, pixel) ? 1 : 0;
                }
                var expected = id;
                assertThat(inside).isEqualTo((int) IntStream.range(0, 32 * 32)
                        .filter(at -> prompts.instances().ids()[at] == expected)
                        .count());
            }
        }
    }

    /// Every object of a picture is prompted for, sooner or later, and another seed gives other points.
    @Test
    void promptsReachAllObjects() {
        var drawing = DRAWINGS.stream()
                .filter(each -> each.kind() == Kind.SCENE && each.objects().size() == 5)
                .findFirst()
                .orElseThrow();
        var prompted = new HashSet<Integer>();
        for (var seed = 0; seed < 20; seed++) {
            for (var point : MaskPrompts.of(drawing, seed).points()) {
                prompted.add(drawing.instances().reduced(4).at(point % 32, point / 32));
            }
        }
        assertThat(prompted).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
        assertThat(MaskPrompts.of(drawing, 1).points())
                .isEqualTo(MaskPrompts.of(drawing, 1).points())
                .isNotEqualTo(MaskPrompts.of(drawing, 2).points());
    }
}
