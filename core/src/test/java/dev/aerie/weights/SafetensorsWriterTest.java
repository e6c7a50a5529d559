package dev.aerie.weights;

import static dev.aerie.weights.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

    @TempDir
    Path folder;

    private static TensorSource bytes(String name, int length) {
        return TensorSource.of(name, DType.U8, new long[] {length}, MemorySegment.ofArray(new byte[length]));
    }

    private List<String> files() throws IOException {
        try (var listing = Files.list(folder)) {
            return listing.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @RepeatedTest(20)
    void readsBackWhatItWrote(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var contents = new ArrayList<byte[]>();
        var tensors = new ArrayList<TensorSource>();
        for (var dtype : DType.values()) {
            var shape = random.longs(random.nextInt(5), 0, 5).toArray();
            var content = new byte[(int) Layout.elements(shape) * dtype.bytes()];
            random.nextBytes(content);
            contents.add(content);
            tensors.add(TensorSource.of("näme \"" + dtype + "\"\n", dtype, shape, MemorySegment.ofArray(content)));
        }
        var shardBytes = random.nextLong(1, 4000);
        var written = SafetensorsWriter.writeSharded(folder, tensors, shardBytes, Map.of("k", "v"));
        try (var checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.names()).hasSize(DType.values().length);
            assertThat(checkpoint.metadata()).containsEntry("format", "pt").containsEntry("k", "v");
            assertThat(checkpoint.path()).isEqualTo(folder);
            assertThat(checkpoint.files()).hasSize(written.size() == 1 ? 1 : written.size() - 1);
            for (var i = 0; i < tensors.size(); i++) {
                var tensor = tensors.get(i);
                var found = checkpoint.find(tensor.name()).orElseThrow();
                assertThat(found.dtype()).isEqualTo(tensor.dtype());
                assertThat(found.shape()).containsExactly(tensor.shape());
                assertThat(Numbers.rowMajor(found)).isEqualTo(contents.get(i));
                assertThat(found.isContiguous()).isTrue();
            }
        }
    }

    @Test
    void alignsTheDataOfEachFile() throws IOException {
        var file = folder.resolve("aligned");
        SafetensorsWriter.write(
                file,
                List.of(
                        bytes("odd", 3),
                        TensorSource.of("wide", DType.F64, new long[] {1}, MemorySegment.ofArray(new byte[8]))),
                Map.of("format", "np"));
        assertThat(ByteBuffer.wrap(Files.readAllBytes(file))
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong()
                        % 8)
                .isZero();
        try (var opened = WeightFiles.open(file)) {
            assertThat(opened.names()).containsExactly("wide", "odd");
            assertThat(opened.find("wide").orElseThrow().data().address() % 8).isZero();
            assertThat(opened.metadata()).containsExactly(Map.entry("format", "np"));
        }
    }

    @Test
    void resolvesStrides() {
        var file = folder.resolve("views.safetensors");
        try (var views = WeightFiles.open(FixturesTest.FIXTURES.resolve("zip-views.pt"))) {
            var sources = views.names().stream()
                    .map(name -> TensorSource.of(views.find(name).orElseThrow()))
                    .toList();
            SafetensorsWriter.write(file, sources, Map.of());
            try (var written = WeightFiles.open(file)) {
                for (var name : views.names()) {
                    assertThat(Numbers.rowMajor(written.find(name).orElseThrow()))
                            .isEqualTo(Numbers.rowMajor(views.find(name).orElseThrow()));
                }
            }
        }
    }

    @Test
    void gathersMoreThanOneBuffer() {
        var values = new byte[3 << 20];
        new Random(1).nextBytes(values);
        var data = MemorySegment.ofArray(values);
        var tensor = new StoredTensor("t", DType.U8, new long[] {3, 1 << 20}, new long[] {1, 3}, data, folder);
        var rows = Numbers.rowMajor(tensor);
        for (var i = 0; i < values.length; i++) {
            assertThat(rows[i % 3 * (1 << 20) + i / 3]).isEqualTo(values[i]);
        }
    }

    @Test
    void fillsShardsInOrder() throws IOException {
        var tensors = List.of(bytes("c", 60), bytes("b", 40), bytes("a", 1), bytes("huge", 500), bytes("d", 100));
        var written = SafetensorsWriter.writeSharded(folder, tensors, 100, Map.of());
        assertThat(files())
                .containsExactly(
                        "model-00001-of-00004.safetensors",
                        "model-00002-of-00004.safetensors",
                        "model-00003-of-00004.safetensors",
                        "model-00004-of-00004.safetensors",
                        "model.safetensors.index.json");
        assertThat(written)
                .extracting(file -> String.valueOf(file.getFileName()))
                .isEqualTo(files());
        assertThat(folder.resolve("model.safetensors.index.json"))
                .content()
                .contains("\"total_size\":701", "\"a\":\"model-00002-of-00004.safetensors\"");
        try (var checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.names()).containsExactly("c", "b", "a", "huge", "d");
        }
    }

    @Test
    void leavesNothingOfAnEarlierCheckpoint() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        SafetensorsWriter.writeSharded(folder, List.of(bytes("a", 10), bytes("b", 10), bytes("c", 10)), 10, Map.of());
        SafetensorsWriter.writeSharded(folder, List.of(bytes("a", 10), bytes("b", 10)), 10, Map.of());
        assertThat(files())
                .containsExactly(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json");
        SafetensorsWriter.writeSharded(folder, List.of(bytes("x", 10)), 10, Map.of());
        assertThat(files()).containsExactly("config.json", "model.safetensors");
        SafetensorsWriter.writeSharded(folder, List.of(bytes("a", 10), bytes("b", 10)), 10, Map.of());
        assertThat(files()).hasSize(4).doesNotContain("model.safetensors");
        SafetensorsWriter.writeSharded(folder, List.of(), 10, Map.of());
        try (var checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.names()).isEmpty();
        }
    }

    @Test
    void keepsTheOldFilesWhenATensorFails() throws IOException {
        var file = folder.resolve("model.safetensors");
        SafetensorsWriter.write(file, List.of(bytes("old", 10)), Map.of());
        var before = Files.readAllBytes(file);
        var failing = new TensorSource("failing", DType.U8, new long[] {10}, out -> {
            out.write(ByteBuffer.allocate(5));
            throw new IOException("no power");
        });
        assertRefused(
                () -> SafetensorsWriter.write(file, List.of(bytes("a", 3), failing), Map.of()),
                file,
                "cannot write",
                "no power");
        assertRefused(
                () -> SafetensorsWriter.writeSharded(folder, List.of(bytes("a", 10), failing), 10, Map.of()),
                Path.of("model-00002-of-00002.safetensors"),
                "no power");
        var crashing = new TensorSource("crashing", DType.U8, new long[] {10}, out -> {
            throw new IllegalStateException("crash");
        });
        assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(crashing), Map.of()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(files()).containsExactly("model.safetensors");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void saysWhatAFullDiskLacked() throws IOException {
        var file = folder.resolve("model.safetensors");
        SafetensorsWriter.write(file, List.of(bytes("old", 10)), Map.of());
        var full = new TensorSource("full", DType.U8, new long[] {1000}, out -> {
            out.write(ByteBuffer.allocate(500));
            throw new IOException("No space left on device");
        });
        assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(full), Map.of()))
                .hasMessageMatching("cannot write .*: IOException \\(No space left on device\\);"
                        + " it takes 1,\\d{3} bytes and [\\d,]+ are free; .*");
        assertThat(files()).containsExactly("model.safetensors");
    }

    @Test
    void refusesMoreThanTheDiskHolds() throws IOException {
        SafetensorsWriter.writeSharded(folder, List.of(bytes("old", 10)), 100, Map.of());
        var touched = new java.util.concurrent.atomic.AtomicBoolean();
        var vast = new TensorSource("vast", DType.U8, new long[] {1L << 60}, _ -> touched.set(true));
        for (var tensors : List.of(List.of(vast), List.of(bytes("a", 10), vast), Collections.nCopies(9, vast))) {
            var named = IntStream.range(0, tensors.size())
                    .mapToObj(i ->
                            new TensorSource("t" + i, DType.U8, tensors.get(i).shape(), vast.body()))
                    .toList();
            assertRefused(
                    () -> SafetensorsWriter.write(folder.resolve("model.safetensors"), named, Map.of()),
                    Path.of("model.safetensors"),
                    "it takes",
                    "are free");
            assertRefused(
                    () -> SafetensorsWriter.writeSharded(folder, named, 100, Map.of()), folder, "it takes", "are free");
        }
        assertThat(touched).isFalse();
        assertThat(files()).containsExactly("model.safetensors");
    }

    @Test
    void refusesSourcesOfAnotherSize() throws IOException {
        var file = folder.resolve("model.safetensors");
        for (var length : new int[] {0, 9, 11, 1000}) {
            var source = new TensorSource("t", DType.U8, new long[] {10}, out -> {
                out.write(ByteBuffer.allocate(length));
                assertThat(out.isOpen()).isTrue();
                out.close();
            });
            assertRefused(
                    () -> SafetensorsWriter.write(file, List.of(source), Map.of()),
                    file,
                    "the source of tensor 't' with shape [10] and type U8",
                    length < 10 ? (10 - length) + " bytes too few" : "too many bytes");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void refusesNamesThatAreTaken() throws IOException {
        var file = folder.resolve("model.safetensors");
        for (var names : List.of(List.of("a", "a"), List.of("__metadata__"))) {
            var tensors = names.stream().map(name -> bytes(name, 1)).toList();
            assertRefused(
                    () -> SafetensorsWriter.write(file, tensors, Map.of()),
                    file,
                    names.getFirst(),
                    "a name of its own");
            assertRefused(
                    () -> SafetensorsWriter.writeSharded(folder, tensors, 1, Map.of()), folder, "a name of its own");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void refusesFoldersThatCannotBeWritten() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "x");
        var below = file.resolve("model.safetensors");
        assertRefused(() -> SafetensorsWriter.write(below, List.of(), Map.of()), below, "cannot write");
        var occupied = folder.resolve("occupied");
        Files.createDirectories(occupied.resolve("inside"));
        assertRefused(() -> SafetensorsWriter.write(occupied, List.of(), Map.of()), occupied, "cannot write");
        assertThat(files()).containsExactly("file", "occupied");
    }

    @Test
    void refusesImpossibleShapes() {
        for (var size : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> bytesOf(size))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("the shape [" + size + "] is impossible");
        }
        assertThat(bytesOf(3).bytes()).isEqualTo(24);
    }

    private static TensorSource bytesOf(long elements) {
        return new TensorSource("t", DType.F64, new long[] {elements}, out -> {});
    }
}
