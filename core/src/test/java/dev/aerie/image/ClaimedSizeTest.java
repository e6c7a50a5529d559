package dev.aerie.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimedSizeTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/image");

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
        assertThat(Pictures.claimedSize(Files.readAllBytes(file)))
                .contains(new Size(decoded.width(), decoded.height()));
    }

    /// What is cut off, or damaged, has some size or none, but is no error here.
    @Test
    void readsAnything() throws IOException {
        try (var files = Files.list(GOLDEN.resolve("broken"))) {
            for (var file : files.toList()) {
                Pictures.claimedSize(Files.readAllBytes(file))
                        .ifPresent(size -> assertThat(size.area()).isPositive());
            }
        }
        var whole = Files.readAllBytes(GOLDEN.resolve("files/baseline420.jpg"));
        for (int length = 0; length < 100; length++) {
            assertThat(Pictures.claimedSize(Arrays.copyOf(whole, length))).isEmpty();
        }
    }
}
