package dev.aerie.weights;

import static dev.aerie.weights.Craft.pickle;
import static dev.aerie.weights.Craft.text;
import static dev.aerie.weights.Craft.torchZip;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Single opcodes of all protocols, by what becomes of a file that holds only the value they build.
class PickleTest {

    @TempDir
    Path folder;

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of(pickle("N"), "None"),
                Arguments.of(pickle("I01\n"), "true"),
                Arguments.of(pickle("I00\n"), "false"),
                Arguments.of(pickle("I-12\n"), "-12"),
                Arguments.of(pickle("L12L\n"), "12"),
                Arguments.of(pickle("L12\n"), "12"),
                Arguments.of(pickle("L9223372036854775808L\n"), "an integer of 64 bits"),
                Arguments.of(pickle("F1.5\n"), "1.5"),
                Arguments.of(pickle("G", 0x3f, 0xf8, 0, 0, 0, 0, 0, 0), "1.5"),
                Arguments.of(pickle("J", 0xfe, 0xff, 0xff, 0xff), "-2"),
                Arguments.of(pickle("K", 0xff), "255"),
                Arguments.of(pickle("M", 0xff, 0xff), "65535"),
                Arguments.of(pickle(Opcode.LONG1, 0), "0"),
                Arguments.of(pickle(Opcode.LONG1, 1, 0xff), "-1"),
                Arguments.of(pickle(Opcode.LONG1, 2, 0xff, 0), "255"),
                Arguments.of(pickle(Opcode.LONG4, 1, 0, 0, 0, 0x80), "-128"),
                Arguments.of(pickle(Opcode.LONG1, 8, 0, 0, 0, 0, 0, 0, 0, 0x80), "-9223372036854775808"),
                Arguments.of(
                        pickle("S'it\\'s \\x41\\102\\n\\t\\r\\a\\b\\f\\v\\\\ \\xzz'\n"),
                        "it's AB\n\t\r\7\b\f\u000b\\ xzz"),
                Arguments.of(pickle("S\"quoted\"\n"), "quoted"),
                Arguments.of(pickle("Va\\u00e9\\U0001f426\\n\n"), "aé🐦\\n"),
                Arguments.of(pickle("X", 2, 0, 0, 0, 0xc3, 0xa9), "é"),
                Arguments.of(pickle("T", 1, 0, 0, 0, "x"), "x"),
                Arguments.of(pickle("U", 1, "x"), "x"),
                Arguments.of(pickle(Opcode.BINUNICODE8, 1, 0, 0, 0, 0, 0, 0, 0, "x"), "x"),
                Arguments.of(pickle("B", 1, 0, 0, 0, "x"), "1 bytes"),
                Arguments.of(pickle("C", 2, "xy"), "2 bytes"),
                Arguments.of(pickle(Opcode.BINBYTES8, 1, 0, 0, 0, 0, 0, 0, 0, "x"), "1 bytes"),
                Arguments.of(pickle(Opcode.BYTEARRAY8, 0, 0, 0, 0, 0, 0, 0, 0), "0 bytes"),
                Arguments.of(pickle("NN", Opcode.TUPLE2), "2 values"),
                Arguments.of(pickle("NNN", Opcode.TUPLE3), "3 values"),
                Arguments.of(pickle("(NNNNt"), "4 values"),
                Arguments.of(pickle("(NNl"), "2 values"),
                Arguments.of(pickle("]Na(NNe"), "3 values"),
                Arguments.of(pickle(Opcode.EMPTY_SET, "(K", 1, "K", 2, Opcode.ADDITEMS), "2 values"),
                Arguments.of(pickle("(NN", Opcode.FROZENSET), "2 values"),
                Arguments.of(pickle("N(NN1"), "None"),
                Arguments.of(pickle("N(0"), "None"),
                Arguments.of(pickle("K", 5, "N0"), "5"),
                Arguments.of(pickle("K", 5, "p3\n0g3\n"), "5"),
                Arguments.of(pickle("K", 5, "q", 3, "0h", 3), "5"),
                Arguments.of(pickle("K", 5, "r", 3, 1, 0, 0, "0j", 3, 1, 0, 0), "5"),
                Arguments.of(pickle("K", 5, Opcode.MEMOIZE, "0h", 0), "5"),
                Arguments.of(pickle(Opcode.PROTO, 5, Opcode.FRAME, 2, 0, 0, 0, 0, 0, 0, 0, "K", 5), "5"),
                Arguments.of(pickle("ctorch\nfloat\n"), "torch.float32"),
                Arguments.of(pickle("ctorch\nSize\n", "NN", Opcode.TUPLE2, Opcode.TUPLE1, "R"), "2 values"),
                Arguments.of(pickle(text("torch"), text("bfloat16"), Opcode.STACK_GLOBAL), "torch.bfloat16"),
                Arguments.of(
                        pickle("(", text("storage"), "ctorch.cuda\nHalfStorage\n", text("0"), "NK", 12, "tQ"),
                        "a storage of 24 bytes"),
                Arguments.of(
                        pickle("(", text("storage"), "ctorch.storage\nUntypedStorage\n", text("0"), "NK", 24, "tQ"),
                        "a storage of 24 bytes"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void buildsTheValue(byte[] value, String leaf) throws IOException {
        assertThat(leaves(value)).isEqualTo(Map.of("value", leaf));
    }

    static Stream<byte[]> dictionaries() {
        var pair = pickle(text("a"), "K", 1);
        return Stream.of(
                pickle("}", pair, "s"),
                pickle("}(", pair, "u"),
                pickle("(", pair, "d"),
                pickle("}", pickle("C", 1, "a"), "K", 1, "s"),
                pickle("}", text("a"), "Ns", pair, "s"),
                pickle("ccollections\nOrderedDict\n)R", pair, "s"),
                pickle("ccollections\nOrderedDict\n)", Opcode.NEWOBJ, pair, "s"),
                pickle("ccollections\nOrderedDict\n)}", Opcode.NEWOBJ_EX, pair, "s"),
                pickle("(icollections\nOrderedDict\n", pair, "s"),
                pickle("(ccollections\nOrderedDict\no", pair, "s"),
                pickle("ccollections\nOrderedDict\n(((", pair, "lltR"),
                pickle("}", pair, "s}", text("_metadata"), "}sb"));
    }

    @ParameterizedTest
    @MethodSource("dictionaries")
    void buildsTheDictionary(byte[] dictionary) throws IOException {
        assertThat(leaves(dictionary)).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void namesEntriesByAnyKey() throws IOException {
        var dictionary =
                pickle("}(K", 7, "K", 1, Opcode.NEWTRUE, "K", 2, "NK", 3, "K", 1, Opcode.TUPLE1, "K", 4, "}K", 5, "u");
        assertThat(leaves(dictionary))
                .isEqualTo(Map.of("7", "1", "true", "2", "None", "3", "1 values", "4", "0 entries", "5"));
        assertThat(leaves(pickle("}q", 0, "h", 0, "Ns"))).isEqualTo(Map.of("1 entries", "None"));
    }

    private Map<String, String> leaves(byte[] value) throws IOException {
        var file = folder.resolve("value.bin");
        Files.write(file, torchZip(pickle(value, "."), Map.of("0", new byte[24])));
        try (var opened = (TorchFile) WeightFiles.open(file)) {
            assertThat(opened.names()).isEmpty();
            return opened.leaves();
        }
    }
}
