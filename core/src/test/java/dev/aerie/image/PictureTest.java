package dev.aerie.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureTest {

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1, 0, 0", "-1, -1, 3", "2, 2, 11", "65536, 65536, 0", "1, 1, 4"})
    void sizesThatDoNotFitAreRefused(int width, int height, int bytes) {
        assertThatThrownBy(() -> new Picture(width, height, new byte[bytes]))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(width + "x" + height);
    }

    @Test
    void theHashIsThatOfThePixels() {
        // printf '\1\2\3' | sha256sum
        assertThat(new Picture(1, 1, new byte[] {1, 2, 3}).sha256())
                .isEqualTo("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
    }

    @Test
    void filledPicturesHaveOneColour() {
        assertThat(Picture.filled(2, 1, 1, 200, 3).rgb()).containsExactly(1, 200, 3, 1, 200, 3);
    }

    @Test
    void equalityIsThatOfThePixels() {
        var picture = TestPictures.noise(3, 2, 1);

        assertThat(picture)
                .isEqualTo(TestPictures.noise(3, 2, 1))
                .hasSameHashCodeAs(TestPictures.noise(3, 2, 1))
                .isNotEqualTo(TestPictures.noise(3, 2, 2))
                .isNotEqualTo(new Picture(2, 3, picture.rgb()))
                .isNotEqualTo("picture")
                .hasToString("Picture[3x2]");
    }
}
