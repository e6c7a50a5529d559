package dev.aerie.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResizeTest {

    private static final int ROUNDS = 60;

    @ParameterizedTest
    @EnumSource(Filter.class)
    void aPlainPictureStaysPlain(Filter filter) {
        var random = new Random(1);
        for (var i = 0; i < ROUNDS; i++) {
            var grey = random.nextInt(256);
            var in = Picture.filled(size(random), size(random), grey, 255, 0);

            var out = Resize.resize(in, size(random), size(random), filter);

            assertThat(out).isEqualTo(Picture.filled(out.width(), out.height(), grey, 255, 0));
        }
    }

    @ParameterizedTest
    @EnumSource(Filter.class)
    void theSameSizeChangesNothing(Filter filter) {
        var picture = TestPictures.noise(17, 9, 2);

        assertThat(Resize.resize(picture, 17, 9, filter)).isEqualTo(picture);
    }

    @ParameterizedTest
    @EnumSource(Filter.class)
    void aWindowIsACropOfTheWhole(Filter filter) {
        var random = new Random(3);
        for (var i = 0; i < ROUNDS; i++) {
            var in = TestPictures.noise(size(random), size(random), i);
            var width = random.nextBoolean() ? in.width() : size(random);
            var height = random.nextBoolean() ? in.height() : size(random);
            var left = random.nextInt(width);
            var top = random.nextInt(height);
            var window = new Box(left, top, 1 + random.nextInt(width - left), 1 + random.nextInt(height - top));

            var part = Resize.resize(in, width, height, filter, window);

            assertThat(part).isEqualTo(Canvas.crop(Resize.resize(in, width, height, filter), window));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Filter.class, names = "NEAREST", mode = EnumSource.Mode.EXCLUDE)
    void theVectorLoopsEqualThePlainOnes(Filter filter) {
        var random = new Random(4);
        for (var i = 0; i < ROUNDS; i++) {
            var in = TestPictures.noise(size(random), size(random), i);
            var width = size(random);
            var height = size(random);
            var whole = Box.whole(width, height);

            var plain = Resize.resize(in, width, height, filter, whole, new ScalarPass());

            assertThat(Resize.resize(in, width, height, filter, whole, Pass.fastest()))
                    .isEqualTo(plain);
        }
    }

    @Test
    void bicubicWeightsAreThoseOfKeys() {
        // At phase 1/4 Keys' kernel with a = −1/2 weighs −0.0703125, 0.8671875, 0.2265625, −0.0234375.
        var in = new byte[12];
        Arrays.fill(in, 6, 9, (byte) 128);

        var out = Resize.resize(new Picture(4, 1, in), 8, 1, Filter.BICUBIC);

        assertThat(TestPictures.reds(out)).startsWith(0).contains(Math.round(128 * 0.8671875f), 29);
    }

    @Test
    void nearestPicksPixels() {
        var out = Resize.resize(TestPictures.numbered(4, 2), 2, 4, Filter.NEAREST);

        assertThat(TestPictures.reds(out)).containsExactly(1, 3, 1, 3, 5, 7, 5, 7);
    }

    @Test
    void emptyResultsAreRefused() {
        assertThatThrownBy(() -> Resize.resize(TestPictures.noise(2, 3, 1), 0, 5, Filter.BICUBIC))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("2x3")
                .hasMessageContaining("0x5");
    }

    @Test
    void resultsBeyondAllMemoryAreRefused() {
        assertThatThrownBy(() -> Resize.resize(TestPictures.noise(2, 3, 1), 1 << 28, 1 << 28, Filter.NEAREST))
                .isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> Resize.resize(TestPictures.noise(2, 3, 1), 1 << 28, 2, Filter.LANCZOS))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("weights");
    }

    private static int size(Random random) {
        return 1 + random.nextInt(random.nextBoolean() ? 12 : 70);
    }
}
