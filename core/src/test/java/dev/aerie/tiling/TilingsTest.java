package dev.aerie.tiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.image.Aspect;
import dev.aerie.image.Box;
import dev.aerie.image.Canvas;
import dev.aerie.image.Filter;
import dev.aerie.image.ImageProcessor;
import dev.aerie.image.Picture;
import dev.aerie.image.Resize;
import dev.aerie.image.Size;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for every method and every picture, and the arrangements that are known.
class TilingsTest {

    private static final int PICTURES = 400;

    /// Sizes from one pixel to very long pictures.
    private static List<Size> sizes() {
        var random = new Random(7);
        var sizes = new ArrayList<>(List.of(new Size(1, 1), new Size(1, 4000), new Size(9000, 3)));
        while (sizes.size() < PICTURES) {
            sizes.add(new Size(
                    1 + (int) Math.pow(10, 4 * random.nextDouble()), 1 + (int) Math.pow(10, 4 * random.nextDouble())));
        }
        return sizes;
    }

    private static Picture noise(int width, int height) {
        var rgb = new byte[3 * width * height];
        new Random(3).nextBytes(rgb);
        return new Picture(width, height, rgb);
    }

    @ParameterizedTest
    @EnumSource
    void tilesCoverTheirCanvasAndThePictureLiesOnIt(Tilings method) {
        for (int most : new int[] {method.most(), 3}) {
            var tiling = method.make(method.published(), most);
            for (var size : sizes()) {
                var tiles = tiling.of(size.width(), size.height());
                assertThat(tiles.views()).hasSizeBetween(1, most + 1);
                for (var surface : tiles.surfaces()) {
                    covers(surface);
                }
            }
        }
    }

    /// Boxes of one size at all places of a grid: no gap and no overlap.
    private static void covers(Tiles.Surface surface) {
        var canvas = surface.size();
        var first = surface.views().getFirst();
        var places = new HashSet<Box>();
        for (var view : surface.views()) {
            var part = view.part();
            assertThat(part.width()).isEqualTo(first.part().width());
            assertThat(part.height()).isEqualTo(first.part().height());
            assertThat(part.left() % part.width() + part.top() % part.height()).isZero();
            places.add(part);
        }
        assertThat(places).hasSameSizeAs(surface.views());
        assertThat(first.part().width() * (long) first.part().height() * places.size())
                .isEqualTo(canvas.area());
        assertThat(surface.arrangement().area()).isEqualTo(places.size());
        var picture = new Box(
                first.left(),
                first.top(),
                first.scaled().width(),
                first.scaled().height());
        assertThat(picture.fits(canvas.width(), canvas.height())).isTrue();
    }

    /// InternVL's own merging of two by two is not done again where the model's fusion has done it.
    @Test
    void whatTheModelMergedIsNotMergedAgain() {
        assertThat(Tilings.INTERNVL.make(new TileSize(1024, 32, 16), 4).cells()).isEqualTo(16);
        assertThat(Tilings.INTERNVL.make(new TileSize(1024, 32, 8), 4).cells()).isEqualTo(8);
        assertThat(Tilings.LLAVA_NEXT.make(new TileSize(1024, 32, 16), 4).cells())
                .isEqualTo(16);
        assertThatThrownBy(() -> new TileSize(1024, 16, 32)).isInstanceOf(AerieException.class);
    }

    private static Set<Piece.Mark> marks(Tiles tiles) {
        var marks = EnumSet.noneOf(Piece.Mark.class);
        for (var piece : tiles.order()) {
            switch (piece) {
                case Piece.Mark mark -> marks.add(mark);
                case Piece.Block block when block.lines() -> marks.add(Piece.Mark.LINE);
                case Piece.Block _ -> {}
            }
        }
        return marks;
    }

    /// Every view is read exactly once, and tokens are counted as the methods' papers do.
    @ParameterizedTest
    @EnumSource
    void tokensFollowTheFormula(Tilings method) {
        var tile = method.published();
        var tiling = method.make(tile, method.most());
        int cells = tiling.cells();
        for (var size : sizes()) {
            var tiles = tiling.of(size.width(), size.height());
            int views = tiles.views().size();
            var rows = tiles.surfaces().stream()
                    .filter(surface -> surface.views().size() > 1)
                    .mapToInt(surface -> surface.arrangement().height())
                    .findFirst()
                    .orElse(1);
            int expected = switch (method) {
                case LLAVA_NEXT -> {
                    var kept = ((Piece.Block) tiles.order().getLast()).kept();
                    yield 576 + kept.height() * (kept.width() + 1);
                }
                case INTERNVL -> views * 256;
                case LLAVA_UHD -> views * 64 + (views - 1);
                case XCOMPOSER_4KHD -> views * 144 + (rows + 1) * 12 + 1;
                case MONKEY -> 5 * 256;
            };
            assertThat(tiles.tokens()).describedAs(size.toString()).isEqualTo(expected);
            assertThat(tiling.marks()).containsAll(marks(tiles));
            var read = new ArrayList<Integer>();
            for (var piece : tiles.order()) {
                if (piece instanceof Piece.Block block) {
                    for (int i = 0; i < block.views().area(); i++) {
                        read.add(block.first() + i);
                    }
                    assertThat(block.cells()).isEqualTo(new Size(cells, cells));
                }
            }
            assertThat(read).doesNotHaveDuplicates().hasSize(views);
        }
    }

    /// The tiles, put side by side, are the resized picture.
    @ParameterizedTest
    @ValueSource(strings = {"internvl", "llava-uhd", "monkey"})
    void tilesAreTheResizedPicture(String name) {
        var picture = noise(93, 60);
        var tiling = TilingChoice.of(name).make(new TileSize(28, 2));
        var surface = tiling.of(93, 60).surfaces().stream()
                .filter(each -> each.views().size() > 1)
                .findFirst()
                .orElseThrow();
        var size = surface.size();
        var joined = Picture.filled(size.width(), size.height(), 1, 2, 3);
        for (var view : surface.views()) {
            joined = Canvas.paste(
                    joined, view.of(picture), view.part().left(), view.part().top());
        }
        assertThat(joined).isEqualTo(Resize.resize(picture, size.width(), size.height(), Filter.BICUBIC));
    }

    /// With one tile InternVL, LLaVA-UHD and Monkey see a square picture as a model without tiles does.
    @ParameterizedTest
    @ValueSource(strings = {"internvl:1", "llava-uhd:1", "monkey:1"})
    void oneTileIsThePictureAsAWhole(String name) {
        var picture = noise(61, 61);
        var tiles = TilingChoice.of(name).make(new TileSize(56, 4)).of(61, 61);
        assertThat(tiles.views()).hasSize(1);
        assertThat(tiles.views().getFirst().of(picture))
                .isEqualTo(ImageProcessor.clip(56, Aspect.PAD).prepare(picture));
    }

    @ParameterizedTest
    @CsvSource({
        "448, 448, 1, 1",
        "640, 480, 2, 1",
        "1024, 768, 2, 2",
        "900, 900, 2, 2",
        "1920, 1080, 4, 2",
        "1080, 1920, 2, 4"
    })
    void slicesOfLlavaUhd(int width, int height, int columns, int rows) {
        assertThat(new NativeSlices(new TileSize(448, 32), 9, 8).arrangement(width, height))
                .isEqualTo(new Size(columns, rows));
    }

    /// Slices have the picture's shape: their pixels are about a square's, in whole patches.
    @Test
    void slicesKeepTheirShape() {
        var slices = new NativeSlices(new TileSize(448, 32), 9, 8);
        var part = slices.of(1920, 1080).views().getFirst().part();
        assertThat(part).isEqualTo(new Box(0, 0, 420, 462)); // 480 x 540 at 448² pixels
        var strip = slices.of(9000, 3).views().getFirst().part();
        assertThat(strip.width() % 14 + strip.height() % 14).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "448, 448, 16, 1344, 1344, 1344, 1344",
        "448, 448, 25, 1680, 1680, 1680, 1680",
        "1920, 1080, 16, 1680, 945, 1680, 1008",
        "1920, 1080, 25, 2016, 1134, 2016, 1344",
        "1024, 768, 16, 1344, 1008, 1344, 1008",
        "1024, 768, 25, 1680, 1260, 1680, 1344",
        "1080, 1920, 16, 945, 1680, 1008, 1680"
    })
    void sizesOf4Khd(int width, int height, int most, int wide, int tall, int across, int down) {
        assertThat(new FourK(new TileSize(336, 24), most, 12).fit(width, height))
                .isEqualTo(new FourK.Fit(new Size(wide, tall), new Size(across, down)));
    }

    /// More tiles never make InternVL's shape worse nor 4KHD's picture smaller, and 4KHD treats both directions alike.
    @Test
    void moreTilesAreNeverWorse() {
        for (var size : sizes()) {
            int width = size.width();
            int height = size.height();
            double worst = Double.POSITIVE_INFINITY;
            int smallest = 0;
            for (int most = 1; most <= 20; most++) {
                var chosen = new DynamicTiles(new TileSize(448, 32), most, 16).arrangement(width, height);
                double distance = Math.abs((double) width / height - (double) chosen.width() / chosen.height());
                assertThat(distance).isLessThanOrEqualTo(worst);
                worst = distance;
                var fourK = new FourK(new TileSize(336, 24), most, 12);
                int longer = Math.max(
                        fourK.fit(width, height).scaled().width(),
                        fourK.fit(width, height).scaled().height());
                assertThat(longer).isGreaterThanOrEqualTo(smallest);
                smallest = longer;
                var turned = fourK.fit(height, width).canvas();
                assertThat(new Size(turned.height(), turned.width()))
                        .isEqualTo(fourK.fit(width, height).canvas());
            }
        }
    }

    @Test
    void choicesAreRead() {
        assertThat(TilingChoice.of("internvl")).isEqualTo(new TilingChoice(Tilings.INTERNVL, 12));
        assertThat(TilingChoice.of("internvl:6")).hasToString("internvl:6");
        assertThat(TilingChoice.of("4khd:16")).hasToString("4khd");
    }

    @ParameterizedTest
    @CsvSource({
        "owl, known are llava-next",
        "internvl:, most tiles",
        "internvl:many, most tiles",
        "internvl:0, 1 to 64",
        "llava-next:1, 2 to 4",
        "monkey:99, 1 to 9"
    })
    void wrongChoicesAreRefused(String text, String message) {
        assertThatThrownBy(() -> TilingChoice.of(text).published())
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(message)
                .satisfies(error -> assertThat(error.getMessage()).hasLineCount(1));
    }

    @ParameterizedTest
    @EnumSource
    void noPictureIsRefused(Tilings method) {
        var tiling = method.make(method.published(), method.most());
        assertThatThrownBy(() -> tiling.of(0, 5))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("0x5");
    }
}
