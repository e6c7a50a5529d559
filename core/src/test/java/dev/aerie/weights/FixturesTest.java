package dev.aerie.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.aerie.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Files that PyTorch wrote (`src/test/python/weights_fixtures.py`), compared with what it says they hold.
class FixturesTest {

    static final Path FIXTURES = Path.of("src/test/resources/weights");

    static Stream<String> files() throws IOException {
        return expected().propertyNames().stream();
    }

    private static JsonNode expected() {
        return new ObjectMapper().readTree(FIXTURES.resolve("expected.json").toFile());
    }

    @ParameterizedTest
    @MethodSource("files")
    void holdsWhatPyTorchSaved(String name) {
        var expected = expected().get(name);
        try (var file = WeightFiles.open(FIXTURES.resolve(name))) {
            assertThat(file.names())
                    .containsExactlyElementsOf(expected.propertyNames().stream()
                            .map(key -> key.isEmpty() ? "value" : key)
                            .toList());
            for (var key : expected.propertyNames()) {
                var tensor = file.find(key.isEmpty() ? "value" : key).orElseThrow();
                var wanted = expected.get(key);
                assertThat(tensor.dtype())
                        .isEqualTo(DType.valueOf(wanted.get("dtype").asString()));
                assertThat(tensor.shape()).containsExactly(longs(wanted.get("shape")));
                assertThat(tensor.strides()).containsExactly(longs(wanted.get("strides")));
                assertThat(HexFormat.of().formatHex(Numbers.rowMajor(tensor)))
                        .isEqualTo(wanted.get("bytes").asString());
                assertThat(tensor.data().byteSize())
                        .isEqualTo(Layout.reach(tensor.shape(), tensor.strides())
                                * tensor.dtype().bytes());
                assertThat(tensor.data().isReadOnly()).isTrue();
                var header = file.header(tensor.name()).orElseThrow();
                assertThat(header.shape()).containsExactly(tensor.shape());
                assertThat(header.dtype()).isEqualTo(tensor.dtype());
                assertThat(header.bytes()).isEqualTo(tensor.bytes());
            }
        }
    }

    private static long[] longs(JsonNode array) {
        return array.values().stream().mapToLong(JsonNode::asLong).toArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zip-nested.pt",
                "zip-protocol3.pt",
                "zip-protocol4.pt",
                "zip-protocol5.pt",
                "stream-nested.pth",
                "stream-protocol4.pth"
            })
    void offersSectionsAndLeaves(String name) {
        try (var file = (TorchFile) WeightFiles.open(FIXTURES.resolve(name))) {
            assertThat(file.sections()).containsExactly("model", "ema_state", "optimizer");
            assertThat(file.leaves())
                    .contains(
                            entry("epoch", "3"),
                            entry("big", "an integer of 71 bits"),
                            entry("name", "größer"),
                            entry("nothing", "None"),
                            entry("done", "true"),
                            entry("betas", "2 values"),
                            entry("size", "2 values"),
                            entry("device", "cpu"),
                            entry("dtype", "torch.float16"),
                            entry("complex", "a tensor of shape [2] and the unsupported type complex64"),
                            entry("optimizer.state.0.step", "12"),
                            entry("optimizer.param_groups.0.lr", "0.1"),
                            entry("optimizer.param_groups.0.params", "2 values"));
            assertThat(file.find("complex")).isEmpty();
            assertThat(file.metadata()).isEmpty();
        }
    }

    @Test
    void selectsASection() {
        try (var checkpoint = Checkpoint.open(FIXTURES.resolve("zip-nested.pt"))) {
            var ema = checkpoint.under("ema_state");
            assertThat(ema.names()).containsExactly("weight", "deep.er.0", "deep.er.1");
            assertThat(Numbers.values(ema.find("weight").orElseThrow())).containsOnly(0.9f);
            assertThat(ema.find("weight").orElseThrow().name()).isEqualTo("weight");
            assertThat(ema.headers())
                    .extracting(TensorHeader::name)
                    .containsExactly("weight", "deep.er.0", "deep.er.1");
            assertThat(ema.find("ema_state.weight")).isEmpty();
            assertThat(ema.under("deep").names()).containsExactly("er.0", "er.1");
            assertThat(checkpoint.sections()).containsExactly("model", "ema_state", "optimizer");
            assertThat(checkpoint.leaves()).containsEntry("epoch", "3");
        }
    }

    @Test
    void keepsSharedStoragesShared() {
        try (var file = WeightFiles.open(FIXTURES.resolve("zip-views.pt"))) {
            var base = file.find("base").orElseThrow();
            var middle = file.find("middle").orElseThrow();
            assertThat(middle.isContiguous()).isFalse();
            assertThat(middle.data().address()).isEqualTo(base.data().address() + 8 * Float.BYTES);
            assertThat(file.find("transposed").orElseThrow().isContiguous()).isFalse();
            assertThat(file.find("empty").orElseThrow().isContiguous()).isTrue();
            assertThat(base.shapeText()).isEqualTo("[4, 6]");
            assertThat(file.header("base").orElseThrow().shapeText()).isEqualTo("[4, 6]");
        }
    }

    @Test
    void inflatesOnceAndOnlyWhenAsked() {
        try (var file = WeightFiles.open(FIXTURES.resolve("zip-deflated.pt"))) {
            assertThat(file.headers()).hasSize(8);
            assertThat(file.find("base").orElseThrow().data().address())
                    .isEqualTo(file.find("transposed").orElseThrow().data().address());
        }
    }

    @Test
    void plainStateDictsHaveNoSections() {
        for (var name : List.of("zip-types.pt", "stream-types.pth")) {
            try (var checkpoint = Checkpoint.open(FIXTURES.resolve(name))) {
                assertThat(checkpoint.sections()).isEmpty();
                assertThat(checkpoint.leaves()).isEmpty();
                assertThat(checkpoint.find("nowhere")).isEmpty();
                assertThat(checkpoint.header("nowhere")).isEmpty();
            }
        }
    }
}
