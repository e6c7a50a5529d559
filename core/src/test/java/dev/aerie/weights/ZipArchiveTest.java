package dev.aerie.weights;

import static dev.aerie.weights.Craft.deflated;
import static dev.aerie.weights.Craft.number;
import static dev.aerie.weights.Craft.pickle;
import static dev.aerie.weights.Craft.stored;
import static dev.aerie.weights.Craft.tensor;
import static dev.aerie.weights.Craft.torchZip;
import static dev.aerie.weights.Craft.tuple;
import static dev.aerie.weights.Craft.zip;
import static dev.aerie.weights.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipArchiveTest {

    private static final int LOCAL = 0x04034b50;
    private static final int ENTRY = 0x02014b50;
    private static final int END = 0x06054b50;

    @TempDir
    Path folder;

    private static byte[] good() {
        return torchZip(tensor(6, number(0), tuple(6), tuple(1)), Map.of("0", new byte[24]));
    }

    /// The archive, changed `at` bytes behind the `nth` record of this signature.
    private static byte[] changed(byte[] archive, int signature, int nth, int at, int... values) {
        var copy = ByteBuffer.wrap(archive.clone()).order(ByteOrder.LITTLE_ENDIAN);
        var record = -1;
        for (var i = 0; i <= nth; i++) {
            do {
                record++;
            } while (copy.getInt(record) != signature);
        }
        for (var i = 0; i < values.length; i++) {
            copy.put(record + at + i, (byte) values[i]);
        }
        return copy.array();
    }

    private void refuses(byte[] archive, String... words) {
        assertRefused(folder, archive, words);
    }

    private TorchFile open(byte[] archive) throws IOException {
        var file = folder.resolve("archive.bin");
        Files.write(file, archive);
        return (TorchFile) WeightFiles.open(file);
    }

    @Test
    void readsAnyFolderNameAndAComment() throws IOException {
        var archive = zip(out -> {
            stored(out, "any näme/data.pkl", tensor(6, number(0), tuple(6), tuple(1)));
            stored(out, "any näme/data/0", new byte[24]);
            stored(out, "any näme/code/data.pkl", new byte[3]);
            stored(out, "any näme/byteorder", pickle("little"));
            out.setComment("written by hand");
        });
        try (var file = open(archive)) {
            assertThat(file.names()).containsExactly("w");
        }
    }

    @Test
    void refusesArchivesOfOthers() {
        refuses(zip(out -> stored(out, "word/document.xml", new byte[20])), "0 pickles FOLDER/data.pkl");
        refuses(zip(out -> stored(out, "data.pkl", pickle("}."))), "0 pickles");
        refuses(zip(out -> stored(out, "a/xdata.pkl", pickle("}."))), "0 pickles");
        refuses(
                zip(out -> {
                    stored(out, "a/data.pkl", pickle("}."));
                    stored(out, "b/data.pkl", pickle("}."));
                }),
                "2 pickles");
    }

    @Test
    void refusesOtherByteOrders() {
        for (var order : new String[] {"big", "", "little ", "x".repeat(100)}) {
            refuses(
                    zip(out -> {
                        stored(out, "a/data.pkl", pickle("}."));
                        stored(out, "a/byteorder", pickle(order));
                    }),
                    "byte order");
        }
    }

    @Test
    void refusesHeadersThatDisagree() {
        refuses(changed(good(), LOCAL, 0, 0, 'X'), "refused.bin");
        refuses(changed(good(), LOCAL, 1, 0, 'X'), "described differently");
        refuses(changed(good(), LOCAL, 0, 8, 8), "described differently");
        refuses(changed(good(), LOCAL, 0, 18, 1), "described differently");
        refuses(changed(good(), LOCAL, 0, 22, 1), "described differently");
        refuses(changed(good(), LOCAL, 0, 30, 'X'), "described differently");
        refuses(changed(good(), LOCAL, 0, 26, 0xff, 0xff), "would lie");
        refuses(changed(good(), ENTRY, 0, 46, 'X'), "described differently");
    }

    @Test
    void refusesTablesThatLie() {
        refuses(changed(good(), ENTRY, 0, 0, 'X'), "its zip table is broken");
        refuses(changed(good(), ENTRY, 0, 28, 0xff, 0xff), "its zip table is broken");
        refuses(changed(good(), ENTRY, 0, 10, 12), "the unknown method 12");
        refuses(changed(good(), ENTRY, 0, 8, 1), "is encrypted");
        refuses(changed(good(), ENTRY, 0, 20, 0xff, 0xff, 0xff, 0x7f), "would lie");
        refuses(changed(good(), ENTRY, 0, 42, 0xff, 0xff, 0xff, 0x7f), "would lie");
        refuses(changed(good(), ENTRY, 0, 24, 0xff, 0xff, 0xff, 0xff), "described differently");
        refuses(changed(good(), END, 0, 10, 1), "other entries than it counts");
        refuses(changed(good(), END, 0, 10, 3), "its zip table is broken");
        refuses(changed(good(), END, 0, 12, 0, 0, 0, 0x70), "the zip's table would lie");
        refuses(changed(good(), END, 0, 16, 0, 0, 0, 0x70), "the zip's table would lie");
        refuses(changed(good(), END, 0, 20, 1), "the table at its end is missing");
    }

    @Test
    void refusesOverlapAndRepetition() {
        // Both entries of the table point to the same data.
        refuses(twins("a/x", "a/x", true), "'a/x' is there twice");
        refuses(twins("a/x", "a/y", true), "described differently");
        var archive = zip(out -> {
            stored(out, "a/1", zip(inner -> stored(inner, "a/2", new byte[9])));
            stored(out, "a/2", new byte[9]);
        });
        var inner = 30 + 3;
        refuses(changed(archive, ENTRY, 2, 42, inner, 0, 0, 0), "'a/2' overlaps the one before");
    }

    private static byte[] twins(String first, String second, boolean sameOffset) {
        var archive = zip(out -> {
            stored(out, first, new byte[5]);
            stored(out, "b" + second.substring(1), new byte[5]);
        });
        var named = changed(archive, ENTRY, 1, 46, 'a');
        return sameOffset ? changed(named, ENTRY, 1, 42, 0, 0, 0, 0) : named;
    }

    @Test
    void refusesBombs() {
        var tensor = tensor(6, number(0), tuple(6), tuple(1));
        var zeros = zip(out -> {
            deflated(out, "a/data.pkl", tensor);
            deflated(out, "a/data/0", new byte[24]);
            deflated(out, "a/zeros", new byte[80 << 20]);
        });
        refuses(zeros, "as no real weights do");
        var small = zip(out -> {
            deflated(out, "a/data.pkl", tensor);
            deflated(out, "a/data/0", new byte[24]);
        });
        refuses(changed(small, ENTRY, 1, 24, 0, 0, 0, 0x40), "claims 1073741824 bytes from");
        refuses(
                zip(out -> deflated(out, "a/data.pkl", new byte[(int) Budget.MAX_BYTES + 1])),
                "more than the 16777216 allowed");
    }

    @Test
    void refusesWhatDoesNotInflateAsDeclared() throws IOException {
        var noise = new byte[4096];
        new Random(3).nextBytes(noise);
        var archive = zip(out -> {
            stored(out, "a/data.pkl", tensor(1024, number(0), tuple(1024), tuple(1)));
            deflated(out, "a/data/0", noise);
        });
        try (var file = open(archive)) {
            assertThat(Numbers.rowMajor(file.find("w").orElseThrow())).isEqualTo(noise);
        }
        var wrongSum = changed(archive, ENTRY, 1, 16, 1, 2, 3, 4);
        try (var file = open(wrongSum)) {
            assertThat(file.headers()).hasSize(1);
            assertRefused(() -> file.find("w"), file.path(), "does not inflate to what it declares");
        }
        for (var size : new int[] {1023, 1025}) {
            var bytes = 4 * size;
            var lying = zip(out -> {
                stored(out, "a/data.pkl", tensor(size, number(0), tuple(size), tuple(1)));
                deflated(out, "a/data/0", noise);
            });
            try (var file = open(changed(lying, ENTRY, 1, 24, bytes & 0xff, bytes >> 8))) {
                assertRefused(() -> file.find("w"), file.path(), "does not inflate to what it declares");
            }
        }
        var local = changed(archive, LOCAL, 1, 30 + "a/data/0".length(), 0xff, 0xff, 0xff, 0xff, 0xff);
        try (var file = open(local)) {
            assertRefused(() -> file.find("w"), file.path(), "cannot be inflated");
        }
    }

    /// PyTorch's own archives end with the ZIP64 records.
    @Test
    void readsTheWideRecords() throws IOException {
        var archive = Files.readAllBytes(FixturesTest.FIXTURES.resolve("zip-tensor.pt"));
        try (var file = open(
                changed(archive, END, 0, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))) {
            assertThat(file.names()).containsExactly("value");
        }
        refuses(changed(archive, 0x06064b50, 0, 0, 'X'), "is not where it should be");
        refuses(changed(archive, 0x06064b50, 0, 48, 0, 0, 0, 0, 0, 0, 0, 0x80), "the zip's table would lie");
        refuses(changed(archive, 0x06064b50, 0, 40, 0xff), "over its own end");
        refuses(changed(archive, 0x07064b50, 0, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), "would lie");
    }

    /// Sizes and offset of an entry in the ZIP64 field, as for entries above 4 GiB.
    @Test
    void readsWideEntries() throws IOException {
        var plain = good();
        var wide = widened(plain, 24, 24, 0);
        try (var file = open(wide)) {
            assertThat(file.find("w").orElseThrow().elements()).isEqualTo(6);
        }
        refuses(widened(plain, -1, 24, 0), "described differently");
        refuses(widened(plain, 24, Long.MAX_VALUE, 0), "would lie");
        refuses(widened(plain, 24, 24, 1L << 40), "would lie");
        refuses(widened(plain, 24, 24, 0, 16), "described differently");
        refuses(widened(plain, 24, 24, 0, 60), "described differently");
    }

    private static byte[] widened(byte[] archive, long size, long packed, long shift) {
        return widened(archive, size, packed, shift, 24);
    }

    /// Moves the numbers of the last entry of the table to a ZIP64 field that claims this length.
    private static byte[] widened(byte[] archive, long size, long packed, long shift, int length) {
        var bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        var end = archive.length - 22;
        var name = "archive/data/0".length();
        var entry = end - 46 - name;
        var header = Integer.toUnsignedLong(bytes.getInt(entry + 42));
        var out = ByteBuffer.allocate(archive.length + 28).order(ByteOrder.LITTLE_ENDIAN);
        out.put(archive, 0, end)
                .putShort((short) 1)
                .putShort((short) length)
                .putLong(size)
                .putLong(packed)
                .putLong(header + shift)
                .put(archive, end, 22);
        out.putInt(entry + 20, -1).putInt(entry + 24, -1).putInt(entry + 42, -1).putShort(entry + 30, (short) 28);
        out.putInt(end + 28 + 12, bytes.getInt(end + 12) + 28);
        return out.array();
    }
}
