package dev.aerie.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanvasTest {

    @Test
    void cropKeepsTheBox() {
        var crop = Canvas.crop(TestPictures.numbered(4, 3), new Box(1, 1, 2, 2));

        assertThat(crop.width()).isEqualTo(2);
        assertThat(TestPictures.reds(crop)).containsExactly(5, 6, 9, 10);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0, 1, 1",
        "0, -1, 1, 1",
        "0, 0, 5, 1",
        "0, 0, 1, 4",
        "0, 0, 0, 1",
        "3, 2, 2, 1",
        "2147483647, 0, 1, 1"
    })
    void cropsOutsideAreRefused(int left, int top, int width, int height) {
        assertThatThrownBy(() -> Canvas.crop(TestPictures.numbered(4, 3), new Box(left, top, width, height)))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("4x3");
    }

    @Test
    void centreCropDropsMoreAtTheEnd() {
        assertThat(TestPictures.reds(Canvas.centreCrop(TestPictures.numbered(4, 4), 1, 2)))
                .containsExactly(5, 9);
    }

    @Test
    void centreCropPadsMoreAtTheStart() {
        var crop = Canvas.centreCrop(TestPictures.numbered(2, 1), 5, 3);

        assertThat(TestPictures.reds(crop)).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void pasteDropsWhatFallsOutside() {
        var base = Picture.filled(3, 2, 9, 9, 9);
        var top = TestPictures.numbered(2, 2);

        assertThat(TestPictures.reds(Canvas.paste(base, top, -1, 1))).containsExactly(9, 9, 9, 1, 9, 9);
        assertThat(TestPictures.reds(Canvas.paste(base, top, 2, -1))).containsExactly(9, 9, 2, 9, 9, 9);
        assertThat(Canvas.paste(base, top, 3, 0)).isEqualTo(base);
        assertThat(Canvas.paste(base, top, Integer.MIN_VALUE, Integer.MAX_VALUE))
                .isEqualTo(base);
    }

    @Test
    void paddingCentresThePicture() {
        var wide = Canvas.padToSquare(TestPictures.numbered(4, 1), 7, 8, 9);

        assertThat(TestPictures.reds(wide)).containsExactly(7, 7, 7, 7, 0, 1, 2, 3, 7, 7, 7, 7, 7, 7, 7, 7);
        assertThat(TestPictures.reds(Canvas.padToSquare(TestPictures.numbered(1, 2), 7, 8, 9)))
                .containsExactly(0, 7, 1, 7);
        assertThat(wide.rgb()).startsWith(7, 8, 9);
        assertThat(Canvas.padToSquare(wide, 1, 2, 3)).isEqualTo(wide);
    }

    @Test
    void aSquareBeyondAllMemoryIsRefused() {
        assertThatThrownBy(() -> Canvas.padToSquare(TestPictures.numbered(100_000, 1), 0, 0, 0))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("100000x100000");
    }
}
