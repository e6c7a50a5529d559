package dev.aerie.weights;

import static dev.aerie.weights.Craft.little;
import static dev.aerie.weights.Craft.number;
import static dev.aerie.weights.Craft.pickle;
import static dev.aerie.weights.Craft.storage;
import static dev.aerie.weights.Craft.streamHead;
import static dev.aerie.weights.Craft.tensor;
import static dev.aerie.weights.Craft.text;
import static dev.aerie.weights.Craft.torchStream;
import static dev.aerie.weights.Craft.tuple;
import static dev.aerie.weights.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchStreamTest {

    @TempDir
    Path folder;

    private static byte[] keys(String... keys) {
        var list = pickle("]");
        for (var key : keys) {
            list = pickle(list, text(key), "a");
        }
        return pickle(list, ".");
    }

    private static byte[] six() {
        return tensor(6, number(0), tuple(6), tuple(1));
    }

    private void refuses(byte[] pickle, byte[] rest, String... words) {
        assertRefused(folder, torchStream(pickle, rest), words);
    }

    @Test
    void readsAStream() throws IOException {
        var file = folder.resolve("good.pth");
        Files.write(file, torchStream(six(), pickle(keys("0"), little(6, 8), new byte[24])));
        try (var opened = WeightFiles.open(file)) {
            assertThat(opened.find("w").orElseThrow().data().byteSize()).isEqualTo(24);
        }
    }

    @Test
    void refusesOtherHeads() {
        assertRefused(folder, pickle(Opcode.PROTO, 2, "K", 1, ".", new byte[20]), "not one of torch.save");
        var magic = pickle(streamHead()).length;
        assertThat(magic).isPositive();
        var head = new String(streamHead(), StandardCharsets.ISO_8859_1);
        assertRefused(folder, pickle(head.replace("M\u00e9", "M\u00e8")), "an unknown version");
        assertRefused(folder, pickle(head.replace("}\u008c", "N0N.\u008c")), "does not describe the system");
        assertRefused(folder, pickle(head.replace('\u0088', '\u0089'), "}.", "]."), "big-endian");
    }

    @Test
    void refusesStoragesThatDisagree() {
        refuses(six(), pickle("N."), "does not list its storages");
        refuses(six(), keys(), "it lacks the storage '0'");
        refuses(six(), keys("1"), "'1' is listed twice or belongs to no tensor");
        refuses(six(), pickle(keys("0", "0"), little(6, 8), new byte[24], little(6, 8), new byte[24]), "listed twice");
        refuses(six(), pickle(keys("0"), little(5, 8), new byte[24]), "has 5 elements, where 6 are declared");
        refuses(six(), pickle(keys("0"), little(6, 8), new byte[23]), "storage '0' would lie");
        refuses(six(), pickle(keys("0"), little(6, 7)), "the size of storage '0' would lie");
        refuses(tensor(-1, number(0), tuple(0), tuple(1)), keys("0"), "without class, key or possible size");
        refuses(tensor(1 << 30, number(0), tuple(0), tuple(1)), keys("0"), "without class, key or possible size");
        refuses(pickle("]", storage("0", 6), "a", storage("0", 7), "a."), keys("0"), "declared in two ways");
    }

    @Test
    void refusesImpossibleViews() {
        for (var view : new byte[][] {
            viewOf(3, 4), viewOf(-1, 2), viewOf(0, -1), viewOf(Integer.MAX_VALUE, 1), tuple(1, 2), pickle("(NNNt")
        }) {
            var storage = pickle(
                    "(", text("storage"), "ctorch\nFloatStorage\n", text("0"), text("cpu"), number(6), view, "tQ.");
            refuses(storage, pickle(keys("0"), little(6, 8), new byte[24]), "an impossible view of the storage '0'");
        }
    }

    private static byte[] viewOf(int offset, int elements) {
        return pickle(text("0-view"), number(offset), number(elements), Opcode.TUPLE3);
    }
}
