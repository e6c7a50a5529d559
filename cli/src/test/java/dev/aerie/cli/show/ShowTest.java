package dev.aerie.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.image.Picture;
import dev.aerie.lab.world.Kind;
import dev.aerie.lab.world.World;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is written for a terminal is read back.
class ShowTest {

    @Test
    void halfBlocksHoldEveryPixel() {
        for (var picture : new Picture[] {noise(10, 8), noise(7, 9), noise(1, 1)}) {
            assertThat(Readers.blocks(HalfBlocks.of(picture))).isEqualTo(picture);
        }
    }

    @Test
    void kittyImagesHoldEveryPixelInPiecesOfTheProtocolsSize() {
        for (var picture : new Picture[] {noise(90, 61), noise(3, 2)}) {
            assertThat(Readers.kitty(KittyImage.of(picture))).isEqualTo(picture);
        }
        assertThat(KittyImage.of(noise(90, 61)).split("\033_G", -1)).hasSizeGreaterThan(3);
    }

    /// Sixels have hundredths of a colour: a step and a half of 255.
    @Test
    void sixelsOfFewColoursAreExactToAHundredth() {
        for (int height : new int[] {1, 5, 6, 7, 12, 13}) {
            var random = new Random(height);
            var picture = Picture.filled(17, height, 255, 255, 255);
            for (int i = 0; i < picture.rgb().length; i++) {
                picture.rgb()[i] = (byte) (random.nextInt(4) * 85);
            }
            assertThat(furthest(picture, SixelReader.read(Sixel.of(picture)))).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void sixelsOfTheWorldLookTheSame() {
        for (var kind : Kind.values()) {
            var picture = World.draw(5, kind).picture();
            var read = SixelReader.read(Sixel.of(picture));
            assertThat(distance(picture, read)).as(kind.label()).isLessThan(5);
        }
    }

    /// Repeated pixels are counted, not repeated.
    @Test
    void sixelsCountRuns() {
        assertThat(Sixel.of(Picture.filled(200, 6, 10, 200, 30)))
                .contains("!200~")
                .hasSizeLessThan(60);
    }

    @Test
    void coloursAreFewEnoughAndAllInUse() {
        var picture = noise(64, 64);
        for (int most : new int[] {1, 2, 16, 256}) {
            var indexed = IndexedPicture.of(picture, most);
            assertThat(indexed.colours()).hasSize(most);
            var used = new boolean[most];
            for (short index : indexed.pixels()) {
                used[index] = true;
            }
            assertThat(used).doesNotContain(false);
        }
        assertThat(IndexedPicture.of(Picture.filled(9, 9, 1, 2, 3), 256).colours())
                .containsExactly(0x010203);
    }

    private static Picture noise(int width, int height) {
        var picture = Picture.filled(width, height, 0, 0, 0);
        new Random(width).nextBytes(picture.rgb());
        return picture;
    }

    private static int furthest(Picture one, Picture other) {
        int furthest = 0;
        for (int i = 0; i < one.rgb().length; i++) {
            furthest = Math.max(furthest, Math.abs((one.rgb()[i] & 0xFF) - (other.rgb()[i] & 0xFF)));
        }
        return furthest;
    }

    private static double distance(Picture one, Picture other) {
        double sum = 0;
        for (int i = 0; i < one.rgb().length; i++) {
            sum += Math.abs((one.rgb()[i] & 0xFF) - (other.rgb()[i] & 0xFF));
        }
        return sum / one.rgb().length;
    }
}
