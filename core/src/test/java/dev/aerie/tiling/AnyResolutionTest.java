package dev.aerie.tiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.image.Picture;
import dev.aerie.image.Size;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnyResolutionTest {

    private static final AnyResolution PUBLISHED = AnyResolution.published(new TileSize(336, 24), 4);

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
        assertThat(PUBLISHED.canvas(width, height)).isEqualTo(new Size(across, down));
        var tiles = PUBLISHED.of(width, height);
        var map = (Piece.Block) tiles.order().getLast();
        assertThat(map.kept().height()).isEqualTo(rows);
        assertThat(map.kept().width()).isEqualTo(columns);
        assertThat(tiles.tokens()).isEqualTo(tokens);
    }

    /// A wide picture leaves black above and below it, half a tile each.
    @Test
    void whatThePictureDoesNotCoverIsBlack() {
        var tiles = new AnyResolution(List.of(new Size(32, 32)), new TileSize(16, 4)).of(200, 100);
        var parts = tiles.views().stream()
                .map(view -> view.of(Picture.filled(200, 100, 200, 100, 50)))
                .toList();
        assertThat(parts).hasSize(5);
        assertThat(parts.getFirst()).isEqualTo(Picture.filled(16, 16, 200, 100, 50));
        for (int i = 1; i < 5; i++) {
            var rgb = parts.get(i).rgb();
            int top = rgb[0] & 0xFF;
            int bottom = rgb[3 * 16 * 15] & 0xFF;
            assertThat(List.of(top, bottom)).isEqualTo(i < 3 ? List.of(0, 200) : List.of(200, 0));
        }
        assertThat(((Piece.Block) tiles.order().getLast()).kept().height()).isEqualTo(4);
    }

    @Test
    void canvasesAreWholeTiles() {
        assertThatThrownBy(() -> new AnyResolution(List.of(new Size(300, 336)), new TileSize(336, 24)))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("300x336");
        assertThatThrownBy(() -> new AnyResolution(List.of(), new TileSize(336, 24)))
                .isInstanceOf(AerieException.class);
    }

    @Test
    void canvasesGrowWithTheirTiles() {
        assertThat(PUBLISHED.withTile(new TileSize(448, 32)).canvases())
                .contains(new Size(448, 896), new Size(1344, 448))
                .hasSize(5);
    }
}
