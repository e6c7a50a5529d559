package dev.aerie.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class JpegTest {

    private static final Path FILE = Path.of("src/test/resources/golden/image/files/gray.jpg");
    private static final int SOF0 = 0xC0;
    private static final int SOS = 0xDA;

    @Test
    void whatFollowsTheEndIsIgnored() throws IOException {
        var file = TestFiles.joined(Files.readAllBytes(FILE), TestFiles.latin1("and more"));

        assertThat(TestFiles.read(file, false)).isEqualTo(Pictures.read(FILE));
    }

    @Test
    void markersMayBeFilledUp() throws IOException {
        var file = Files.readAllBytes(FILE);
        var start = Arrays.copyOf(file, 2);
        var rest = Arrays.copyOfRange(file, 2, file.length);

        assertThat(TestFiles.read(TestFiles.joined(start, TestFiles.latin1("\u00ff\u00ff"), rest), false))
                .isEqualTo(Pictures.read(FILE));
    }

    @Test
    void rareKindsAreRefused() throws IOException {
        for (var frame : new int[] {0xC3, 0xC5, 0xC9, 0xCF}) {
            var file = Files.readAllBytes(FILE);
            file[marker(file, SOF0) + 1] = (byte) frame;

            assertRefused(file, "rare kind");
        }
    }

    @Test
    void twelveBitsAreRefused() throws IOException {
        var file = Files.readAllBytes(FILE);
        file[marker(file, SOF0) + 4] = 12;

        assertRefused(file, "12-bit");
    }

    @Test
    void twoComponentsAreRefused() throws IOException {
        var file = Files.readAllBytes(FILE);
        file[marker(file, SOF0) + 9] = 2;

        assertRefused(file, "2 components");
    }

    @Test
    void twoFramesAreRefused() throws IOException {
        var file = Files.readAllBytes(FILE);
        var frame = marker(file, SOF0);
        var before = Arrays.copyOf(file, frame + 13);
        var again = Arrays.copyOfRange(file, frame, file.length);

        assertRefused(TestFiles.joined(before, again), "two JPEG frames");
    }

    @Test
    void aScanWithoutFrameIsRefused() throws IOException {
        var file = Files.readAllBytes(FILE);
        var frame = marker(file, SOF0);
        var before = Arrays.copyOf(file, frame);
        var after = Arrays.copyOfRange(file, frame + 13, file.length);

        assertRefused(TestFiles.joined(before, after), "before its frame");
    }

    @Test
    void moreScansThanAnyPictureNeedsAreRefused() throws IOException {
        var file = Files.readAllBytes(FILE);
        var scan = marker(file, SOS);
        var start = Arrays.copyOf(file, scan);
        var scans = new byte[501][];
        Arrays.fill(scans, Arrays.copyOfRange(file, scan, file.length - 2));

        assertRefused(TestFiles.joined(start, TestFiles.joined(scans)), "too many");
    }

    @Test
    void damagedCodesAreRefusedThoughTheFileIsWhole() throws IOException {
        var file = Files.readAllBytes(FILE);
        var data = marker(file, SOS) + 20;
        Arrays.fill(file, data, file.length - 2, (byte) 0x77);

        assertRefused(file, "JPEG decoder warns");
    }

    @Test
    void strayBytesAndShortSegmentsAreRefused() throws IOException {
        var file = Files.readAllBytes(FILE);
        var stray = file.clone();
        stray[marker(file, SOF0)] = 0;
        var tooShort = file.clone();
        tooShort[marker(file, SOF0) + 3] = 1;
        var outOfPlace = file.clone();
        outOfPlace[marker(file, SOF0) + 1] = (byte) 0xD8;

        assertRefused(stray, "marker was expected");
        assertRefused(tooShort, "length of 1");
        assertRefused(outOfPlace, "out of place");
    }

    private static int marker(byte[] file, int kind) {
        for (var i = 2; i < file.length - 1; i++) {
            if ((file[i] & 0xFF) == 0xFF && (file[i + 1] & 0xFF) == kind) {
                return i;
            }
        }
        throw new IllegalArgumentException("no such marker");
    }

    private static void assertRefused(byte[] file, String why) {
        assertThatThrownBy(() -> TestFiles.read(file, false))
                .isInstanceOf(AerieException.class)
                .hasMessageStartingWith("cannot read picture test: ")
                .hasMessageContaining(why);
    }
}
