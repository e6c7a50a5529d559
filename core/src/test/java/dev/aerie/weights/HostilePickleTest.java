package dev.aerie.weights;

import static dev.aerie.weights.Craft.little;
import static dev.aerie.weights.Craft.number;
import static dev.aerie.weights.Craft.pickle;
import static dev.aerie.weights.Craft.storage;
import static dev.aerie.weights.Craft.tensor;
import static dev.aerie.weights.Craft.text;
import static dev.aerie.weights.Craft.torchStream;
import static dev.aerie.weights.Craft.torchZip;
import static dev.aerie.weights.Craft.tuple;
import static dev.aerie.weights.Refusals.assertProper;
import static dev.aerie.weights.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.aerie.AerieException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pickles that want to run code, to exhaust memory or to read beyond their storage.
class HostilePickleTest {

    @TempDir
    Path folder;

    private void refuses(byte[] pickle, String... words) {
        assertRefused(folder, torchZip(pickle, Map.of("0", new byte[24])), words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "os.system",
                "posix.system",
                "builtins.eval",
                "builtins.exec",
                "builtins.getattr",
                "__builtin__.eval",
                "subprocess.Popen",
                "torch.storage._load_from_bytes",
                "torch.load",
                "torch.hub.load",
                "torch.jit.load",
                "torch._utils._rebuild_qtensor",
                "torch.nn.modules.linear.Linear",
                "collections.defaultdict",
                "collections.OrderedDict.fromkeys",
                "numpy.core.multiarray._reconstruct",
                "torch.FloatStorage.from_buffer",
                "torch.",
                "."
            })
    void refusesToCall(String global) {
        var module = global.substring(0, global.lastIndexOf('.'));
        var name = global.substring(global.lastIndexOf('.') + 1);
        var refusal = "refused to call " + global + ",";
        var line = "c" + module + "\n" + name + "\n";
        var stacked = pickle(text(module), text(name), Opcode.STACK_GLOBAL);
        refuses(pickle(line, text("echo"), Opcode.TUPLE1, "R."), refusal);
        refuses(pickle(stacked, text("echo"), Opcode.TUPLE1, "R."), refusal);
        refuses(pickle(line, ")", Opcode.NEWOBJ, "."), refusal);
        refuses(pickle(line, ")}", Opcode.NEWOBJ_EX, "."), refusal);
        refuses(pickle("(i", module, "\n", name, "\n."), refusal);
        refuses(pickle("(", line, "o."), refusal);
        refuses(pickle("(", stacked, "o."), refusal);
        // Hidden as an argument of an allowed call, in the memo, or thrown away again.
        refuses(pickle("ccollections\nOrderedDict\n", line, ")R", Opcode.TUPLE1, "R."), refusal);
        refuses(pickle(line, "q", 1, "0h", 1, ")R."), refusal);
        refuses(pickle(line, "0}."), refusal);
        assertRefused(folder, torchStream(pickle(line, ")R."), pickle("].")), refusal);
        assertRefused(folder, torchStream(pickle("}."), pickle(line, ".")), "refused to call " + global + " outside");
        assertRefused(
                folder, pickle(Opcode.PROTO, 2, line, ")R.", new byte[8]), "refused to call " + global + " outside");
    }

    @Test
    void refusesCallsOfOtherThings() {
        refuses(pickle(text("os.system"), ")R."), "a call of what is no function");
        refuses(pickle("ctorch\nFloatStorage\n)R."), "a call of what is no function");
        refuses(pickle("ctorch\nfloat32\n)R."), "a call of what is no function");
        refuses(pickle("ctorch\nSize\n]", text("x"), "R."), "arguments are no tuple", "before byte");
        refuses(pickle("ctorch\nSize\n)R."), "a call without argument 0");
        refuses(pickle("ctorch\nSize\n)}", text("a"), "Ns", Opcode.NEWOBJ_EX, "."), "a call with keywords");
        refuses(pickle("(o."), "a call of nothing");
        refuses(pickle("NN", Opcode.STACK_GLOBAL, "."), "a global whose name is no text");
        refuses(pickle("ccollections\nOrderedDict\nN", Opcode.TUPLE1, "R."), "an OrderedDict of what is no list");
        refuses(pickle("ccollections\nOrderedDict\n]", text("x"), "a", Opcode.TUPLE1, "R."), "are no pairs");
        assertRefused(folder, torchStream(pickle("}."), pickle("N)R.")), "outside its state dict");
        assertRefused(folder, torchStream(pickle("}."), pickle("NQ.")), "outside its state dict");
    }

    @Test
    void refusesMachinesOutOfOrder() {
        refuses(pickle("."), "an operation on an empty stack");
        refuses(pickle("0."), "an operation on an empty stack");
        refuses(pickle("N", Opcode.TUPLE2, "."), "an operation on an empty stack");
        refuses(pickle("N(", Opcode.TUPLE1, "."), "an operation on an empty stack");
        refuses(pickle("N(2."), "an operation on an empty stack");
        refuses(pickle("N(q", 0, "."), "an operation on an empty stack");
        refuses(pickle("t."), "an operation without its mark");
        refuses(pickle("1."), "an operation without its mark");
        refuses(pickle("h", 7, "."), "a memo that was never made, 7");
        refuses(pickle("j", little(-1, 4), "."), "a memo that was never made, 4294967295");
        refuses(pickle(")", text("x"), "a."), "elements for what is no list or set");
        refuses(pickle("}", text("x"), "a."), "elements for what is no list or set");
        refuses(pickle("](NNu."), "entries for what is no dictionary");
        refuses(pickle("}(Nu."), "a key without a value");
        refuses(pickle("(Nd."), "a key without a value");
        refuses(pickle("]}b."), "a state for what is no OrderedDict");
        refuses(pickle("}]b."), "a state for what is no OrderedDict");
        refuses(pickle(Opcode.PROTO, 6, "N."), "the unknown protocol 6");
        for (var opcode : new int[] {'?', 0x82, 0x83, 0x84, 0x97, 0x98, 0xff, 0}) {
            refuses(pickle("N", opcode, "."), "the unknown opcode 0x" + Integer.toHexString(opcode));
        }
    }

    @Test
    void refusesLengthsThatThePickleDoesNotHave() {
        for (var opcode : new int[] {Opcode.BINUNICODE, Opcode.BINBYTES, Opcode.BINSTRING}) {
            refuses(pickle(opcode, little(-1, 4), "."), "announces 4294967295 bytes, but 1 are left");
        }
        for (var opcode : new int[] {Opcode.BINUNICODE8, Opcode.BINBYTES8, Opcode.BYTEARRAY8, Opcode.FRAME}) {
            refuses(pickle(opcode, little(Long.MAX_VALUE, 8), "."), "announces 9223372036854775807 bytes");
            refuses(pickle(opcode, little(-1, 8), "."), "announces 18446744073709551615 bytes");
        }
        for (var length : new int[] {Integer.MAX_VALUE, -1, 257}) {
            refuses(pickle(Opcode.LONG4, little(length, 4), new byte[300], "."), "an integer of " + length + " bytes");
        }
        refuses(pickle("L" + "1".repeat(1000) + "L\n."), "a number of 1000 characters");
        refuses(pickle("I" + "1".repeat(100_000) + "\n."), "a number of 100000 characters");
        refuses(pickle("F" + "1".repeat(1000) + "\n."), "a number of 1000 characters");
        refuses(pickle("Inumber\n."), "a number that is none before byte 8");
        refuses(pickle("S'open\n."), "a string without quotes");
        refuses(pickle("V\\U7fffffff\n."), "a character beyond Unicode");
        refuses(pickle("I1"), "announces 1 bytes, but 0 are left");
    }

    @Test
    void refusesPicklesThatAreTooLong() {
        var comment = new byte[(int) Budget.MAX_BYTES];
        refuses(pickle(Opcode.BINBYTES, little(comment.length, 4), comment, "."), "more than the 16777216 allowed");
        assertRefused(
                folder,
                torchStream(pickle(Opcode.BINBYTES, little(comment.length, 4), comment, "."), pickle("].")),
                "longer than 16777216 bytes");
    }

    @Test
    void refusesNestingWithoutEnd() {
        refuses(pickle("]", "]".repeat(200_000), "a".repeat(200_000), "."), "nested deeper than 64");
        refuses(pickle(")", new String(new char[200_000]).replace('\0', '\u0085'), "."), "nested deeper than 64");
        refuses(pickle("]q", 0, "h", 0, "a."), "nested deeper than 64");
        refuses(pickle("}q", 0, text("self"), "h", 0, "s."), "nested deeper than 64", "self.self");
    }

    /// Doubling lists: every level holds the one before twice.
    @Test
    void refusesExponentialGrowth() {
        var doubling = pickle("]q", 0, "(h", 0, "h", 0, "lq", 0);
        var levels = new Object[42];
        Arrays.fill(levels, pickle("(h", 0, "h", 0, "lq", 0));
        levels[0] = doubling;
        levels[41] = ".";
        refuses(pickle(levels), "more than weights of its length need");
    }

    @Test
    void refusesNamesThatGrowWithEachLevel() {
        var key = pickle(Opcode.BINUNICODE, little(100_000, 4), "k".repeat(100_000), "q", 1);
        var leaves = pickle("}(", text("a"), "N", text("b"), "N", text("c"), "Nuq", 2);
        var level = pickle("}(h", 1, "h", 2, text("x"), "h", 2, text("y"), "h", 2, "uq", 2);
        refuses(
                pickle(key, "0", leaves, level, level, level, level, level, level, "."),
                "more than weights of its length need");
    }

    @Test
    void refusesTensorsMadeAgainAndAgain() {
        var wide = new int[64];
        Arrays.fill(wide, 1);
        var arguments = pickle("(", storage("0", 6), number(0), tuple(wide), tuple(wide), "tq", 1, "0");
        var calls = pickle("ctorch._utils\n_rebuild_tensor\nq", 2, "0");
        var again = pickle("h", 2, "h", 1, "R0");
        var many = new Object[20_000];
        Arrays.fill(many, again);
        many[0] = arguments;
        many[1] = calls;
        many[many.length - 1] = "}.";
        refuses(pickle(many), "more than weights of its length need");
        var pairs = pickle("]", "(", pickle(many(2000, pickle("NN", Opcode.TUPLE2))), "e", Opcode.TUPLE1, "q", 1, "0");
        var dictionaries = pickle("ccollections\nOrderedDict\nq", 2, "0");
        refuses(pickle(pairs, dictionaries, pickle(many(20_000, again)), "}."), "more than weights of its length need");
    }

    private static Object[] many(int count, byte[] part) {
        var many = new Object[count];
        Arrays.fill(many, part);
        return many;
    }

    /// A megabyte of the same opcode: what is built stays a small multiple of it.
    @ParameterizedTest
    @ValueSource(
            strings = {"}", "]", ")", "(", "N", "N2", "N\u0094", "C\0", "U\0", "}N\u0086", "]\u0085", "(}l", "K\1q\1"})
    void takesNoMoreMemoryThanThePickleExplains(String repeated) throws IOException {
        var size = 1 << 20;
        var file = folder.resolve("repeated.bin");
        Files.write(file, torchZip(pickle("N" + repeated.repeat(size / repeated.length()), ".")));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var before = threads.getCurrentThreadAllocatedBytes();
        try {
            WeightFiles.open(file).close();
        } catch (AerieException e) {
            assertProper(e, file);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100L * size);
    }

    @Test
    void readsTheTensorThatTheOthersSpoil() throws IOException {
        var file = folder.resolve("good.bin");
        Files.write(file, torchZip(tensor(6, number(1), tuple(2, 2), tuple(3, 1)), Map.of("0", new byte[24])));
        try (var opened = WeightFiles.open(file)) {
            assertThat(opened.find("w").orElseThrow().data().byteSize()).isEqualTo(20);
        }
    }

    @Test
    void refusesTensorsBeyondTheirStorage() {
        var square = tuple(2, 2);
        refuses(tensor(6, number(0), square, tuple(-1, 1)), "a tensor with the strides -1");
        refuses(tensor(6, number(0), tuple(2, -2), square), "a tensor with the sizes -2");
        refuses(tensor(6, number(-1), square, square), "the offset -1");
        refuses(tensor(6, text("x"), square, square), "the offset x");
        refuses(tensor(6, number(0), square, tuple(1)), "2 sizes, 1 strides");
        refuses(tensor(6, number(0), pickle("N"), square), "a tensor without sizes");
        refuses(tensor(6, number(0), square, tuple(new int[65])), "a tensor without strides");
        refuses(tensor(6, number(3), square, tuple(2, 1)), "offset 3 beyond the 24 bytes of its storage");
        refuses(tensor(6, number(0), tuple(7), tuple(1)), "shape [7]", "beyond the 24 bytes");
        refuses(tensor(6, number(7), tuple(0), tuple(1)), "offset 7 beyond the 24 bytes");
        var huge = pickle("(", Opcode.LONG1, 8, little(Long.MAX_VALUE, 8), Opcode.LONG1, 8, little(2, 8), "t");
        refuses(tensor(6, number(0), huge, tuple(1, 1)), "which no memory holds");
        refuses(tensor(6, number(0), huge, tuple(0, 0)), "which no memory holds");
        refuses(tensor(6, number(0), tuple(1 << 30, 1 << 30), tuple(0, 0)), "repeats its storage");
        var beyondLong = pickle("(", Opcode.LONG1, 9, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 1}, "t");
        refuses(tensor(6, number(0), beyondLong, tuple(0)), "a tensor with the sizes 18446744073709551616");
    }

    @Test
    void refusesTensorsWithoutAStorage() {
        refuses(tensor(5, number(0), tuple(1), tuple(1)), "'0' has 24 bytes, where 5 elements of 4 are declared");
        refuses(tensor(-6, number(0), tuple(1), tuple(1)), "where -6 elements");
        assertRefused(folder, torchZip(tensor(6, number(0), tuple(1), tuple(1))), "it lacks the storage '0'");
        refuses(pickle("ctorch._utils\n_rebuild_tensor\n(N", number(0), ")", ")", "tR."), "a tensor without a storage");
        refuses(
                pickle(
                        "ctorch._utils\n_rebuild_tensor_v3\n(",
                        storage("0", 6),
                        number(0),
                        "))",
                        Opcode.NEWFALSE,
                        "NNtR."),
                "a tensor without a type");
        refuses(pickle("ctorch._utils\n_rebuild_parameter\nN", Opcode.TUPLE1, "R."), "a parameter that is no tensor");
        refuses(pickle("NQ."), "a persistent id that is no storage");
        refuses(pickle("P0\n."), "a persistent id that is no storage");
        refuses(pickle("(", text("storage"), "NNNNtQ."), "a storage without class, key or size");
        var twice = pickle("}(", text("a.b"), tensorValue(), text("a"), "}", text("b"), tensorValue(), "su.");
        refuses(twice, "two tensors have the name 'a.b'");
    }

    private static byte[] tensorValue() {
        return pickle("ctorch._utils\n_rebuild_tensor\n(", storage("0", 6), number(0), tuple(6), tuple(1), "tR");
    }

    @Test
    void refusesNegatedViews() {
        for (var property : new String[] {"neg", "conj"}) {
            refuses(
                    pickle(
                            "ctorch._utils\n_rebuild_tensor_v2\n(",
                            storage("0", 6),
                            number(0),
                            tuple(6),
                            tuple(1),
                            Opcode.NEWFALSE,
                            "N}",
                            text(property),
                            Opcode.NEWTRUE,
                            "stR."),
                    "a negated or conjugated view");
        }
    }
}
