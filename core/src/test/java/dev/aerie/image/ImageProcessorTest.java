package dev.aerie.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImageProcessorTest {

    /// The hashes are `pixels_u8_sha256` of the golden checkpoints that these pictures belong to.
    @ParameterizedTest
    @CsvSource({
        "tiny.png, PAD, be51f89ccd0bff553808d017ce6c9df60c796ca54bc44dd216cc8f574711e0d2",
        "tall.png, SQUARE, c15ab8e9c64a510c3fa366adf2d09a1aac9f4e0cfe904608be90f9ae98617cb4"
    })
    void preparesAsTheReference(String file, Aspect aspect, String sha256) {
        var picture = Pictures.read(Path.of("src/test/resources/image", file));

        assertThat(ImageProcessor.clip(1024, aspect).prepare(picture).sha256()).isEqualTo(sha256);
    }

    @ParameterizedTest
    @EnumSource(Aspect.class)
    void theResultIsSquare(Aspect aspect) {
        for (var picture : new Picture[] {TestPictures.noise(50, 7, 1), TestPictures.noise(3, 90, 2)}) {
            var prepared = ImageProcessor.clip(24, aspect).prepare(picture);

            assertThat(prepared.width()).isEqualTo(24);
            assertThat(prepared.height()).isEqualTo(24);
        }
    }

    @Test
    void squareResizesThenCrops() {
        var picture = TestPictures.noise(61, 40, 3);
        var whole = Resize.resize(picture, 61 * 24 / 40, 24, Filter.BICUBIC);

        assertThat(ImageProcessor.clip(24, Aspect.SQUARE).prepare(picture)).isEqualTo(Canvas.centreCrop(whole, 24, 24));
    }

    @Test
    void paddingHasTheColourOfTheMean() {
        var prepared = ImageProcessor.clip(8, Aspect.PAD).prepare(TestPictures.noise(80, 2, 1));

        assertThat(prepared.rgb()).startsWith(122, 116, 104);
    }

    @Test
    void aVeryLongPictureNeedsLittleMemory() {
        var prepared = ImageProcessor.clip(1024, Aspect.SQUARE).prepare(TestPictures.noise(1_000_000, 1, 1));

        assertThat(prepared.width()).isEqualTo(1024);
    }

    @Test
    void aPictureTooLongToResizeIsRefused() {
        assertThatThrownBy(() -> ImageProcessor.clip(1024, Aspect.SQUARE).prepare(TestPictures.noise(1, 3_000_000, 1)))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("1x3000000");
    }

    @Test
    void normalisingScalesAndReorders() {
        var picture = new Picture(2, 1, new byte[] {0, (byte) 128, (byte) 255, 10, 20, 30});
        var numbers = ImageProcessor.clip(1, Aspect.PAD).normalise(picture);

        assertThat(numbers).hasSize(6);
        assertThat(numbers[0]).isCloseTo((float) (-0.48145466 / 0.26862954), within(1e-6f));
        assertThat(numbers[1]).isCloseTo((float) ((10 / 255.0 - 0.48145466) / 0.26862954), within(1e-6f));
        assertThat(numbers[2]).isCloseTo((float) ((128 / 255.0 - 0.4578275) / 0.26130258), within(1e-6f));
        assertThat(numbers[5]).isCloseTo((float) ((30 / 255.0 - 0.40821073) / 0.27577711), within(1e-6f));
    }

    @Test
    void siglipMapsBytesToMinusOneToOne() {
        var siglip = new ImageProcessor(2, Aspect.RESIZE, Filter.BICUBIC, ImageProcessor.SIGLIP, ImageProcessor.SIGLIP);

        assertThat(siglip.normalise(Picture.filled(1, 1, 0, 255, 0))).containsExactly(-1, 1, -1);
    }

    @ParameterizedTest
    @CsvSource({"0", "-5", "16385"})
    void sizesOutOfRangeAreRefused(int size) {
        assertThatThrownBy(() -> ImageProcessor.clip(size, Aspect.PAD))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(String.valueOf(size));
    }
}
