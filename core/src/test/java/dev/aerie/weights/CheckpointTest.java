package dev.aerie.weights;

import static dev.aerie.weights.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

    @TempDir
    Path folder;

    private void write(String file, String... names) {
        var tensors = List.of(names).stream()
                .map(name -> TensorSource.of(name, DType.U8, new long[] {2}, MemorySegment.ofArray(new byte[2])))
                .toList();
        SafetensorsWriter.write(folder.resolve(file), tensors, Map.of("file", file));
    }

    private void index(String... namesAndShards) throws IOException {
        var map = new StringBuilder();
        for (var i = 0; i < namesAndShards.length; i += 2) {
            map.append(i == 0 ? "" : ",").append("\"%s\":\"%s\"".formatted(namesAndShards[i], namesAndShards[i + 1]));
        }
        Files.writeString(indexFile(), "{\"metadata\":{\"total_size\":1},\"weight_map\":{" + map + "}}");
    }

    private Path indexFile() {
        return folder.resolve("model.safetensors.index.json");
    }

    private void refuses(String... words) {
        assertRefused(() -> Checkpoint.open(folder).close(), Path.of(""), words);
    }

    @Test
    void looksThroughAllShards() throws IOException {
        write("one.safetensors", "a", "b");
        write("two.safetensors", "c");
        Files.copy(FixturesTest.FIXTURES.resolve("zip-tensor.pt"), folder.resolve("pytorch_model.bin"));
        index("c", "two.safetensors", "b", "one.safetensors", "a", "one.safetensors");
        for (var path : List.of(folder, indexFile())) {
            try (var checkpoint = Checkpoint.open(path)) {
                assertThat(checkpoint.names()).containsExactly("a", "b", "c");
                assertThat(checkpoint.headers()).extracting(TensorHeader::name).containsExactly("a", "b", "c");
                assertThat(checkpoint.find("c").orElseThrow().file()).hasFileName("two.safetensors");
                assertThat(checkpoint.metadata()).containsEntry("file", "one.safetensors");
                assertThat(checkpoint.sections()).isEmpty();
                assertThat(checkpoint.leaves()).isEmpty();
            }
        }
    }

    @Test
    void prefersTheUsualNames() throws IOException {
        write("other.safetensors", "other");
        assertThat(names()).containsExactly("other");
        Files.copy(FixturesTest.FIXTURES.resolve("zip-tensor.pt"), folder.resolve("pytorch_model.bin"));
        assertThat(names()).containsExactly("value");
        Files.copy(FixturesTest.FIXTURES.resolve("stream-types.pth"), folder.resolve("shard.bin"));
        write("model.safetensors", "usual");
        assertThat(names()).containsExactly("usual");
        index("other", "other.safetensors");
        assertThat(names()).containsExactly("other");
    }

    private List<String> names() {
        try (var checkpoint = Checkpoint.open(folder)) {
            return checkpoint.names();
        }
    }

    @Test
    void passesOverWhatATrainerKeeps() throws IOException {
        for (var besides :
                List.of("training_args.bin", "optimizer.pt", "scheduler.pt", "rng_state_0.pth", "README.md")) {
            Files.writeString(folder.resolve(besides), "x");
        }
        refuses("the folder has no weight file", "check the path");
        Files.copy(FixturesTest.FIXTURES.resolve("zip-tensor.pt"), folder.resolve("mm_projector.bin"));
        assertThat(names()).containsExactly("value");
        write("one.safetensors", "a");
        refuses("2 weight files without an index", "mm_projector.bin", "one.safetensors");
    }

    @Test
    void releasesItsMemory() {
        write("model.safetensors", "a");
        var checkpoint = Checkpoint.open(folder);
        var data = checkpoint.find("a").orElseThrow().data();
        checkpoint.close();
        assertThat(data.scope().isAlive()).isFalse();
        assertThatThrownBy(() -> data.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesAnIndexThatDisagrees() throws IOException {
        write("one.safetensors", "a", "b");
        write("two.safetensors", "c");
        index("a", "one.safetensors", "b", "one.safetensors", "c", "three.safetensors");
        refuses("the shard 'three.safetensors' that it names is missing");
        index("a", "one.safetensors", "b", "one.safetensors", "c", "two.safetensors", "d", "two.safetensors");
        refuses("the tensor 'd' is not in the shard 'two.safetensors'");
        index("a", "one.safetensors", "b", "two.safetensors", "c", "two.safetensors");
        refuses("the tensor 'b' is not in the shard 'two.safetensors'");
        index("a", "one.safetensors", "c", "two.safetensors");
        refuses("does not name the tensor 'b'", "one.safetensors");
        write("two.safetensors", "c", "a");
        index("a", "one.safetensors", "b", "one.safetensors", "c", "two.safetensors");
        refuses("the tensor 'a' is also in one.safetensors");
        Files.write(folder.resolve("two.safetensors"), new byte[40]);
        refuses("two.safetensors");
    }

    @Test
    void refusesAnIndexThatIsNone() throws IOException {
        Files.writeString(indexFile(), "{}");
        refuses("no weight_map");
        Files.writeString(indexFile(), "{\"weight_map\":{\"a\":1}}");
        refuses("the index should have a string at 'a'");
        Files.writeString(indexFile(), "{\"weight_map\":{\"a\":\"x\",\"a\":\"y\"}}");
        refuses("not valid JSON");
        Files.writeString(indexFile(), "[]");
        refuses("should have an object at its top");
        for (var escape : List.of("../up.safetensors", "/etc/passwd", "", ".", "..", "a\\\\b", "c:x")) {
            index("a", escape);
            refuses("the index names the shard", "use a plain file name");
        }
        var missing = folder.resolve("missing.index.json");
        assertRefused(() -> Checkpoint.open(missing), missing, "the index cannot be read");
        try (var channel = FileChannel.open(indexFile(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), SafetensorsFile.MAX_HEADER);
        }
        refuses("the index has more than 100000000 bytes");
    }
}
