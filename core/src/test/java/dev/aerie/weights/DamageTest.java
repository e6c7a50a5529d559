package dev.aerie.weights;

import static dev.aerie.weights.Refusals.assertProper;
import static dev.aerie.weights.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of all formats, cut at every byte and with single bits turned: each opens and can be read to its last byte, or
/// is refused in one line.
class DamageTest {

    private static final int FLIPS = 1500;

    @TempDir
    Path folder;

    static Stream<String> files() {
        return Stream.of(
                "small.safetensors",
                "zip-types.pt",
                "zip-views.pt",
                "zip-nested.pt",
                "zip-deflated.pt",
                "stream-types.pth",
                "stream-nested.pth",
                "stream-old-view2.pth");
    }

    private Path copy(String name) throws IOException {
        var file = folder.resolve(name);
        if (name.endsWith("safetensors")) {
            try (var source = WeightFiles.open(FixturesTest.FIXTURES.resolve("zip-types.pt"))) {
                var tensors = source.names().stream()
                        .map(tensor -> TensorSource.of(source.find(tensor).orElseThrow()))
                        .toList();
                SafetensorsWriter.write(file, tensors, Map.of("source", "test"));
            }
        } else {
            Files.copy(FixturesTest.FIXTURES.resolve(name), file);
        }
        return file;
    }

    @ParameterizedTest
    @MethodSource("files")
    void refusesEveryTruncation(String name) throws IOException {
        var file = copy(name);
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (var size = channel.size() - 1; size >= 0; size--) {
                channel.truncate(size);
                assertRefused(() -> WeightFiles.open(file).close(), file);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void survivesEveryFlippedBit(String name) throws IOException {
        var file = copy(name);
        var content = Files.readAllBytes(file);
        var random = new Random(name.hashCode());
        var refused = 0;
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (var i = 0; i < FLIPS; i++) {
                var at = random.nextInt(content.length);
                var flipped = (byte) (content[at] ^ 1 << random.nextInt(8));
                channel.write(ByteBuffer.wrap(new byte[] {flipped}), at);
                refused += readsWhole(file) ? 0 : 1;
                channel.write(ByteBuffer.wrap(content, at, 1), at);
            }
        }
        assertThat(refused).isBetween(1, FLIPS - 1);
        assertThat(readsWhole(file)).isTrue();
    }

    private static boolean readsWhole(Path path) {
        try (var file = WeightFiles.open(path)) {
            for (var name : file.names()) {
                var tensor = file.find(name).orElseThrow();
                Numbers.sumOfBytes(tensor);
                assertThat(tensor.bytes()).isEqualTo(Numbers.rowMajor(tensor).length);
            }
            return true;
        } catch (AerieException e) {
            assertProper(e, path);
            return false;
        }
    }

    @Test
    void namesWhatIsNoWeightFile() throws IOException {
        assertRefused(folder, new byte[0], "0 bytes, too few");
        assertRefused(folder, Craft.pickle("version https://git-lfs.github.com/spec/v1\n"), "Git LFS", "git lfs pull");
        assertRefused(folder, Craft.pickle("<!DOCTYPE html><html>"), "neither safetensors nor a PyTorch file");
        var missing = folder.resolve("missing.bin");
        assertRefused(() -> WeightFiles.open(missing), missing, "no such file");
        assertRefused(() -> WeightFiles.open(folder), folder, "no such file");
        for (var magic : List.of("PK\3\4", "\200\2}.")) {
            assertRefused(folder, Craft.pickle(magic, new byte[20]), "refused.bin");
        }
    }
}
