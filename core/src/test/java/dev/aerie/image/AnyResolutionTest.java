package dev.aerie.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnyResolutionTest {

    private static final int GRID = 24;

    /// LLaVA-1.6's.
    private static final AnyResolution PUBLISHED = new AnyResolution(
            List.of(
                    new AnyResolution.Size(336, 672),
                    new AnyResolution.Size(672, 336),
                    new AnyResolution.Size(672, 672),
                    new AnyResolution.Size(1008, 336),
                    new AnyResolution.Size(336, 1008)),
            336);

    /// Numbers of LLaVA-NeXT's own code.
    @ParameterizedTest
    @CsvSource({
        "336, 336, 336, 672, 24, 24, 1176",
        "640, 480, 672, 672, 36, 48, 2340",
        "480, 640, 672, 672, 48, 36, 2352",
        "1024, 768, 672, 672, 36, 48, 2340",
        "1920, 1080, 672, 672, 28, 48, 1948",
        "1080, 1920, 672, 672, 48, 28, 1968",
        "2000, 400, 1008, 336, 14, 72, 1598",
        "400, 2000, 336, 1008, 72, 14, 1656",
        "100, 100, 336, 672, 24, 24, 1176",
        "500, 333, 672, 336, 24, 36, 1464",
        "1000, 1001, 672, 672, 48, 48, 2928"
    })
    void canvasesAndTokens(int width, int height, int across, int down, int rows, int columns, int tokens) {
        var canvas = PUBLISHED.canvas(width, height);
        assertThat(canvas).isEqualTo(new AnyResolution.Size(across, down));
        var cells = new AnyResolution.Size(across / 336 * GRID, down / 336 * GRID);
        var covered = AnyResolution.covered(cells, width, height);
        assertThat(covered.height()).isEqualTo(rows);
        assertThat(covered.width()).isEqualTo(columns);
        assertThat(PUBLISHED.tokens(width, height, GRID)).isEqualTo(tokens);
    }

    @Test
    void tilesAreTheCanvasAndTheRestIsBlack() {
        var random = new Random(3);
        for (int i = 0; i < 20; i++) {
            int width = 1 + random.nextInt(900);
            int height = 1 + random.nextInt(900);
            var small = new AnyResolution(List.of(new AnyResolution.Size(32, 16), new AnyResolution.Size(16, 48)), 16);
            var tiles = small.tiles(small.canvas(width, height));
            var parts = small.cut(Picture.filled(width, height, 200, 100, 50));
            assertThat(parts).hasSize(1 + tiles.width() * tiles.height());
            assertThat(parts)
                    .allSatisfy(part -> assertThat(part.width() * part.height()).isEqualTo(256));
            assertThat(parts.getFirst()).isEqualTo(Picture.filled(16, 16, 200, 100, 50));
            var cells = new AnyResolution.Size(tiles.width() * 4, tiles.height() * 4);
            var covered = AnyResolution.covered(cells, width, height);
            assertThat(covered.fits(cells.width(), cells.height()) || covered.height() == 0 || covered.width() == 0)
                    .isTrue();
        }
    }

    @Test
    void canvasesAreWholeTiles() {
        assertThatThrownBy(() -> new AnyResolution(List.of(new AnyResolution.Size(300, 336)), 336))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("300x336");
        assertThatThrownBy(() -> new AnyResolution(List.of(), 336)).isInstanceOf(AerieException.class);
    }
}
