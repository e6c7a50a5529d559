package dev.aerie.lab.world;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrokeFontTest {

    private static final int SIDE = 24;

    private static byte[] glyph(char character, double advance) {
        var raster = new Raster(SIDE, SIDE, Rgb.WHITE);
        raster.ink(0);
        StrokeFont.write(raster, Character.toString(character), 3, 3, advance);
        return raster.picture(new SplitMix64(0), 0).rgb();
    }

    /// At the smallest and the largest size in use, noise left out, two glyphs differ in pixels worth four black ones.
    @ParameterizedTest
    @ValueSource(doubles = {9, 18})
    void noTwoGlyphsAreAlike(double advance) {
        for (var i = 1; i < CharacterGrid.CLASSES; i++) {
            for (var j = 1; j < i; j++) {
                var a = glyph(CharacterGrid.character(i), advance);
                var b = glyph(CharacterGrid.character(j), advance);
                var difference = 0;
                for (var at = 0; at < a.length; at += 3) {
                    difference += Math.abs((a[at] & 0xFF) - (b[at] & 0xFF));
                }
                assertThat(difference / 255.0)
                        .as("%s and %s", CharacterGrid.character(i), CharacterGrid.character(j))
                        .isGreaterThan(advance * 4 / 9);
            }
        }
    }

    @Test
    void glyphsFillTheirBox() {
        for (var i = 1; i < CharacterGrid.CLASSES; i++) {
            var rgb = glyph(CharacterGrid.character(i), 12);
            var inside = 0;
            for (var y = 0; y < SIDE; y++) {
                for (var x = 0; x < SIDE; x++) {
                    if (rgb[3 * (y * SIDE + x)] != -1) {
                        assertThat(x).isBetween(1, 3 + (int) (12 * StrokeFont.WIDTH) + 2);
                        assertThat(y).isBetween(1, 3 + (int) (12 * StrokeFont.HEIGHT) + 2);
                        inside++;
                    }
                }
            }
            assertThat(inside).as("%s", CharacterGrid.character(i)).isGreaterThan(15);
        }
    }

    @Test
    void whatHasNoGlyphStaysBlank() {
        assertThat(glyph('ß', 12)).containsOnly(-1);
        assertThat(glyph('?', 12)).contains(0);
    }
}
