package dev.aerie.weights;

import static dev.aerie.weights.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {

    private static final String GOOD = "\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]";

    @TempDir
    Path folder;

    private void refuses(String header, int data, String... words) {
        assertRefused(folder, Craft.safetensors(header, data), words);
    }

    @Test
    void readsInTheOrderOfTheData() throws IOException {
        var file = folder.resolve("ordered");
        Files.write(file, Craft.safetensors("""
                        {"z":{"shape":[2],"dtype":"F32","data_offsets":[8,16],"more":{"unknown":[1]}},
                         "__metadata__":{"format":"pt","b":"2"},
                         "a":{"dtype":"U16","shape":[2,2],"data_offsets":[0,8]},
                         "none":{"dtype":"F64","shape":[0,3],"data_offsets":[16,16]},
                         "scalar":{"dtype":"U8","shape":[],"data_offsets":[16,17]}}   \s""", 17));
        try (var opened = WeightFiles.open(file)) {
            assertThat(opened.names()).containsExactly("a", "z", "none", "scalar");
            assertThat(opened.metadata()).containsExactlyInAnyOrderEntriesOf(Map.of("format", "pt", "b", "2"));
            assertThat(opened.path()).isEqualTo(file);
            var a = opened.find("a").orElseThrow();
            assertThat(a.dtype()).isEqualTo(DType.U16);
            assertThat(a.strides()).containsExactly(2, 1);
            assertThat(a.data().byteSize()).isEqualTo(8);
            assertThat(opened.find("none").orElseThrow().elements()).isZero();
            assertThat(opened.find("scalar").orElseThrow().elements()).isOne();
            assertThat(opened.find("b")).isEmpty();
        }
    }

    @Test
    void readsAnEmptyFile() throws IOException {
        var file = folder.resolve("empty");
        Files.write(file, Craft.safetensors("{}", 0));
        try (var opened = WeightFiles.open(file)) {
            assertThat(opened.names()).isEmpty();
        }
    }

    @Test
    void refusesHeadersThatLieAboutTheirLength() {
        for (var length : new long[] {100, Long.MAX_VALUE, -1, Long.MIN_VALUE, (1L << 32) + 2}) {
            var lying = ByteBuffer.wrap(Craft.safetensors("{}", 50)).order(ByteOrder.LITTLE_ENDIAN);
            assertRefused(folder, lying.putLong(0, length).array(), "its header would have", "but the file has 60");
        }
    }

    @Test
    void refusesHeadersThatAreTooLong() throws IOException {
        var file = folder.resolve("long");
        try (var channel = Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(9)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(SafetensorsFile.MAX_HEADER + 1)
                    .put((byte) '{')
                    .flip());
            channel.position(SafetensorsFile.MAX_HEADER + 100);
            channel.write(ByteBuffer.allocate(1));
        }
        assertRefused(() -> WeightFiles.open(file), file, "more than the 100000000 allowed");
    }

    @Test
    void refusesJsonThatIsNotExact() {
        refuses("{\"a\":{" + GOOD + "},\"a\":{" + GOOD + "}}", 4, "not valid JSON", "a");
        refuses("{\"a\":{" + GOOD + ",\"dtype\":\"F32\"}}", 4, "not valid JSON", "dtype");
        refuses("{\"a\":{" + GOOD + "}}{}", 4, "nothing more");
        refuses("{\"a\":{" + GOOD + "}", 4, "not valid JSON");
        refuses("{\"a\":[]}", 4, "should have an object", "'a'");
        refuses("{\"a\":null}", 4, "should have an object");
        refuses("{\"__metadata__\":{\"a\":1}}", 4, "should have a string");
        refuses("{\"a\":{\"dtype\":4}}", 4, "should have a string");
        refuses("{\"a\":{\"shape\":{}}}", 4, "should have an array");
        refuses("{\"a\":{\"shape\":[1.5]}}", 4, "should have an integer");
        refuses("{\"a\":{\"shape\":[-1]}}", 4, "no negative number");
        refuses("{\"a\":{\"shape\":[99999999999999999999]}}", 4, "not valid JSON");
        refuses("{\"a\":{\"data_offsets\":[0,1,2]}}", 4, "at most 2 numbers");
        refuses("{\u0001}", 0, "not valid JSON");
        refuses("{\"a\\nb\":{}}", 0, "tensor 'a b' lacks");
        var invalid = Craft.safetensors("{\"a\":{}}", 0);
        invalid[10] = (byte) 0xff;
        assertRefused(folder, invalid, "not valid UTF-8");
        refuses(
                "{" + IntStream.range(0, 3000).mapToObj(i -> "\"x\":{").collect(Collectors.joining()),
                0,
                "refused.bin");
    }

    @Test
    void refusesEntriesThatAreNoTensors() {
        refuses("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "tensor 'a' lacks");
        refuses("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "tensor 'a' lacks");
        refuses("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "tensor 'a' lacks");
        for (var type : new String[] {"F31", "f32", "FLOAT", "F4", " "}) {
            refuses(
                    "{\"a\":{\"dtype\":\"" + type + "\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                    4,
                    "unknown type '" + type + "'",
                    "BF16");
        }
        refuses("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "shape [2]", "needs 8 bytes");
        refuses("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "needs 4 bytes");
        refuses(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}",
                4,
                "impossible shape [4294967296, 4294967296]");
        refuses(
                "{\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}}",
                4,
                "impossible shape");
    }

    @Test
    void refusesDataThatDoesNotFit() {
        var tensor = "\"%s\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}";
        var a = tensor.formatted("a", 4, 0, 4);
        refuses("{" + a + "," + tensor.formatted("b", 4, 2, 6) + "}", 6, "'b' begins at byte 2", "ends at 4");
        refuses("{" + a + "," + tensor.formatted("b", 4, 5, 9) + "}", 9, "'b' begins at byte 5");
        refuses("{" + tensor.formatted("a", 4, 1, 5) + "}", 5, "'a' begins at byte 1");
        refuses("{" + a + "}", 5, "its tensors end at byte", "but the file has");
        refuses("{" + a + "}", 3, "tensor 'a' would lie");
        refuses("{" + tensor.formatted("a", Long.MAX_VALUE, 0, Long.MAX_VALUE) + "}", 3, "tensor 'a' would lie");
        refuses("{}", 3, "its tensors end at byte");
    }
}
