package dev.aerie.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.image.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureHeaderTest {

    private static final Path GOLDEN = Path.of("../core/src/test/resources/golden/image");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.png",
                "palette.png",
                "baseline420.jpg",
                "progressive.jpg",
                "exif.jpg",
                "cmyk.jpg",
                "lossy.webp",
                "lossless.webp",
                "rgba.webp",
                "image.gif",
                "animated.gif",
                "image.bmp",
                "image.ppm",
                "image.tiff",
                "plain.tiff"
            })
    void tellsTheSizeThatIsDecoded(String name) throws IOException {
        var file = GOLDEN.resolve("files").resolve(name);
        var decoded = Pictures.read(file);
        assertThat(PictureHeader.size(Files.readAllBytes(file))).contains(new Size(decoded.width(), decoded.height()));
    }

    /// What is cut off, or damaged, has some size or none, but is no error here.
    @Test
    void readsAnything() throws IOException {
        try (var files = Files.list(GOLDEN.resolve("broken"))) {
            for (var file : files.toList()) {
                PictureHeader.size(Files.readAllBytes(file))
                        .ifPresent(size -> assertThat(size.area()).isPositive());
            }
        }
        var whole = Files.readAllBytes(GOLDEN.resolve("files/baseline420.jpg"));
        for (int length = 0; length < 100; length++) {
            assertThat(PictureHeader.size(Arrays.copyOf(whole, length))).isEmpty();
        }
    }

    @Test
    void aPictureCountsByItsPixels() {
        var wide = Pictures.png(Picture.filled(400, 100, 1, 2, 3));
        assertThat(DecodeBudget.bytes(wide) - wide.length).isEqualTo(8 * 400 * 100 + 3 * 400 * 400);
        assertThat(DecodeBudget.bytes(new byte[10])).as("no picture").isEqualTo(10);
    }
}
