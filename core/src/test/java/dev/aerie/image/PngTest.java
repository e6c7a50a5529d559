package dev.aerie.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngTest {

    private static final byte[] PIXEL = TestFiles.deflated(new byte[] {0, 10, 20, 30});

    @Test
    void dataMayBeCutIntoManyChunks() {
        var chunks = new byte[PIXEL.length][];
        for (var i = 0; i < PIXEL.length; i++) {
            chunks[i] = TestFiles.chunk("IDAT", new byte[] {PIXEL[i]});
        }

        assertThat(TestFiles.read(TestFiles.png(1, 1, 8, 2, 0, chunks), false).rgb())
                .containsExactly(10, 20, 30);
    }

    @Test
    void surplusDataIsIgnored() {
        var data = TestFiles.deflated(new byte[] {0, 10, 20, 30, 40, 50, 60});

        assertThat(TestFiles.read(TestFiles.png(1, 1, 8, 2, 0, TestFiles.chunk("IDAT", data)), false)
                        .rgb())
                .containsExactly(10, 20, 30);
    }

    @Test
    void aMissingChecksumOfTheDataIsRefused() {
        var cut = Arrays.copyOf(PIXEL, PIXEL.length - 2);

        assertRefused(TestFiles.png(1, 1, 8, 2, 0, TestFiles.chunk("IDAT", cut)), "checksum at the end");
    }

    @Test
    void aWrongChecksumOfTheDataIsRefused() {
        var wrong = PIXEL.clone();
        wrong[wrong.length - 1] ^= 1;

        assertRefused(TestFiles.png(1, 1, 8, 2, 0, TestFiles.chunk("IDAT", wrong)), "broken");
    }

    @Test
    void aRowTooFewIsRefused() {
        assertRefused(TestFiles.png(1, 2, 8, 2, 0, TestFiles.chunk("IDAT", PIXEL)), "before its last row");
    }

    @Test
    void noDataAtAllIsRefused() {
        assertRefused(TestFiles.png(1, 1, 8, 2, 0), "before its last row");
    }

    @Test
    void anUnknownFilterIsRefused() {
        var data = TestFiles.deflated(new byte[] {5, 10, 20, 30});

        assertRefused(TestFiles.png(1, 1, 8, 2, 0, TestFiles.chunk("IDAT", data)), "filter 5");
    }

    @Test
    void aMissingPaletteIsRefused() {
        var data = TestFiles.deflated(new byte[] {0, 0});

        assertRefused(TestFiles.png(1, 1, 8, 3, 0, TestFiles.chunk("IDAT", data)), "palette is missing");
    }

    @Test
    void coloursBeyondThePaletteAreBlack() {
        var file = TestFiles.png(
                2,
                1,
                8,
                3,
                0,
                TestFiles.chunk("PLTE", new byte[] {1, 2, 3}),
                TestFiles.chunk("IDAT", TestFiles.deflated(new byte[] {0, 0, 9})));

        assertThat(TestFiles.read(file, false).rgb()).containsExactly(1, 2, 3, 0, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"3, 2, 0", "16, 3, 0", "8, 1, 0", "8, 7, 0", "4, 6, 0", "8, 2, 2"})
    void kindsThatDoNotExistAreRefused(int depth, int colour, int interlace) {
        assertRefused(TestFiles.png(1, 1, depth, colour, interlace, TestFiles.chunk("IDAT", PIXEL)), "does not exist");
    }

    @Test
    void anotherChunkBeforeTheHeaderIsRefused() {
        var file = TestFiles.joined(
                TestFiles.latin1("\u0089PNG\r\n\u001a\n"),
                TestFiles.chunk("IDAT", PIXEL),
                TestFiles.chunk("IEND", new byte[0]));

        assertRefused(file, "no header");
    }

    private static void assertRefused(byte[] file, String why) {
        assertThatThrownBy(() -> TestFiles.read(file, false))
                .isInstanceOf(AerieException.class)
                .hasMessageStartingWith("cannot read picture test: ")
                .hasMessageContaining(why);
    }
}
