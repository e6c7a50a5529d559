package dev.aerie.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PicturesTest {

    private static final Path FILES = Path.of("src/test/resources/golden/image/files");

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        var picture = TestPictures.noise(19, 7, 1);
        var file = folder.resolve("picture.png");
        Files.writeString(file, "something else");

        Pictures.writePng(picture, file);

        assertThat(Pictures.read(file)).isEqualTo(picture);
        try (var files = Files.list(folder)) {
            assertThat(files).as("nothing temporary is left").containsExactly(file);
        }
    }

    @Test
    void aFolderThatDoesNotExistIsAnError() {
        var file = folder.resolve("missing/picture.png");

        assertThatThrownBy(() -> Pictures.writePng(TestPictures.noise(1, 1, 1), file))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void filesThatAreNoFilesAreErrors() {
        assertThatThrownBy(() -> Pictures.read(folder)).isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> Pictures.read(folder.resolve("missing.png")))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("missing.png");
    }

    @ParameterizedTest
    @CsvSource({
        "rgb.png",
        "progressive.jpg",
        "image.gif",
        "lossless.webp",
        "lossy.webp",
        "image.bmp",
        "image.tiff",
        "image.ppm"
    })
    void limitsAreExact(String name) throws IOException {
        var file = FILES.resolve(name);
        var size = Files.size(file);

        assertThat(Pictures.read(file, new ReadOptions(97 * 61, size, false)).width())
                .isEqualTo(97);
        assertThatThrownBy(() -> Pictures.read(file, new ReadOptions(97 * 61 - 1, size, false)))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("97x61 pixels exceed the limit of 5916");
        assertThatThrownBy(() -> Pictures.read(file, new ReadOptions(97 * 61, size - 1, false)))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("exceed the limit");
    }

    @Test
    void limitsMustBePositive() {
        assertThatThrownBy(() -> new ReadOptions(0, 1, false)).isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> new ReadOptions(1, 0, false)).isInstanceOf(AerieException.class);
    }

    @Test
    void messagesHaveOneLineWhateverTheName() {
        assertThatThrownBy(() -> Pictures.read(new byte[0], "a\nb", ReadOptions.DEFAULT))
                .isInstanceOf(AerieException.class)
                .hasMessage("cannot read picture a?b: the file is empty; convert it to PNG or JPEG first");
    }

    @Test
    void aPictureThatItsFileCannotHoldIsRefused() {
        var png = TestFiles.png(10_000, 10_000, 8, 2, 0, TestFiles.chunk("IDAT", TestFiles.deflated(new byte[1000])));

        assertThatThrownBy(() -> TestFiles.read(png, false))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("it claims 300010000 bytes of pixels");
    }
}
