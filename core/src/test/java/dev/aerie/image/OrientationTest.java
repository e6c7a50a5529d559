package dev.aerie.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {

    private static final Path FILES = Path.of("src/test/resources/golden/image/files");

    /// Of the picture 0 1 2 / 3 4 5, as Pillow's `exif_transpose` turns it.
    @ParameterizedTest
    @CsvSource({
        "0, 012345",
        "1, 012345",
        "2, 210543",
        "3, 543210",
        "4, 345012",
        "5, 031425",
        "6, 304152",
        "7, 524130",
        "8, 251403",
        "9, 012345"
    })
    void turnsAsPillow(int exif, String expected) {
        var turned = Orientation.ofExif(exif).apply(TestPictures.numbered(3, 2));

        assertThat(turned.width()).isEqualTo(exif >= 5 && exif <= 8 ? 2 : 3);
        assertThat(TestPictures.reds(turned))
                .containsExactly(expected.chars().map(digit -> digit - '0').toArray());
    }

    @Test
    void isAppliedWhereItIsAskedFor() {
        var options = ReadOptions.DEFAULT.withOrientation(true);
        for (var file : new Path[] {FILES.resolve("exif.png"), FILES.resolve("exif.jpg")}) {
            var stored = Pictures.read(file);
            var orientation =
                    file.endsWith("exif.png") ? Orientation.QUARTER_TURN_RIGHT : Orientation.QUARTER_TURN_LEFT;

            assertThat(Pictures.read(file, options))
                    .isEqualTo(orientation.apply(stored))
                    .isNotEqualTo(stored);
        }
    }

    @Test
    void ofWebPIsInAChunkOfItsOwn() throws Exception {
        var exif = "EXIF\u000e\0\0\0MM\0*\0\0\0\10\0\0\0\0\0\0"; // a directory without entries
        var turned = "EXIF\u001a\0\0\0MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0\6\0\0\0\0\0\0";
        var plain = Pictures.read(FILES.resolve("lossless.webp"));

        assertThat(TestFiles.read(TestFiles.appendToWebP(FILES.resolve("lossless.webp"), exif), true))
                .isEqualTo(plain);
        assertThat(TestFiles.read(TestFiles.appendToWebP(FILES.resolve("lossless.webp"), turned), true))
                .isEqualTo(Orientation.QUARTER_TURN_RIGHT.apply(plain));
        assertThat(TestFiles.read(TestFiles.appendToWebP(FILES.resolve("lossless.webp"), "EXIF\2\0\0\0MM"), true))
                .as("EXIF data that cannot be read says nothing")
                .isEqualTo(plain);
    }
}
