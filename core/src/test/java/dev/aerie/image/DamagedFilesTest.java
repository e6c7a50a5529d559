package dev.aerie.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every damaged file is either decoded or refused with one line.
@Timeout(120)
class DamagedFilesTest {

    private static final int FLIPS = 150;

    /// One file of each kind that is decoded by code of its own.
    static Stream<Path> files() {
        var golden = Path.of("src/test/resources/golden/image/files");
        var further = Path.of("src/test/resources/pillow/files");
        return Stream.concat(
                Stream.of("bit.png", "gray.jpg", "progressive.jpg", "cmyk.jpg", "image.gif", "lossy.webp")
                        .map(golden::resolve),
                Stream.of(
                                "13x11-c2-d16-i1.png",
                                "97x61-llp.webp",
                                "17x16-lla.webp",
                                "17x16-anim.webp",
                                "rle8.bmp",
                                "rle4.bmp",
                                "b565.bmp",
                                "h.ppm",
                                "f.pgm",
                                "g.pbm",
                                "p4-le.tif",
                                "17x16-RGB-jpeg.tif",
                                "17x16-1-group4.tif",
                                "big-tiff_lzw.tif")
                        .map(further::resolve));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyTruncationIsSurvived(Path file) throws IOException {
        var whole = Files.readAllBytes(file);
        var step = Math.max(1, whole.length / 700);
        for (var length = 0; length < whole.length; length += step) {
            readOrRefuse(Arrays.copyOf(whole, length));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void halfAFileIsRefused(Path file) throws IOException {
        var whole = Files.readAllBytes(file);
        assertThatThrownBy(() -> TestFiles.read(Arrays.copyOf(whole, whole.length / 2), false))
                .isInstanceOf(AerieException.class);
    }

    @ParameterizedTest
    @MethodSource("files")
    void flippedBitsAreSurvived(Path file) throws IOException {
        var whole = Files.readAllBytes(file);
        var random = new Random(whole.length);
        for (var round = 0; round < FLIPS; round++) {
            var damaged = whole.clone();
            for (var flip = random.nextInt(4); flip >= 0; flip--) {
                var reach = random.nextBoolean() ? Math.min(100, whole.length) : whole.length;
                damaged[random.nextInt(reach)] ^= (byte) (1 << random.nextInt(8));
            }
            readOrRefuse(damaged);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void twoReadingsAgree(Path file) {
        assertThat(Pictures.read(file)).isEqualTo(Pictures.read(file));
    }

    private static void readOrRefuse(byte[] bytes) {
        var options = new ReadOptions(4_000_000, 1 << 20, true);
        Optional<String> refusal = Optional.empty();
        try {
            var picture = Pictures.read(bytes, "damaged", options);
            assertThat((long) picture.width() * picture.height()).isLessThanOrEqualTo(options.maxPixels());
        } catch (AerieException e) {
            refusal = Optional.ofNullable(e.getMessage());
        }
        refusal.ifPresent(message ->
                assertThat(message).startsWith("cannot read picture damaged: ").hasLineCount(1));
    }
}
