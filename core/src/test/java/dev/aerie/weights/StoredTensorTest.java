package dev.aerie.weights;

import static dev.aerie.weights.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StoredTensorTest {

    private static final Path FILE = Path.of("some.bin");

    private static StoredTensor tensor(int bytes, long[] shape, long... strides) {
        return new StoredTensor("t", DType.F32, shape, strides, MemorySegment.ofArray(new byte[bytes]), FILE);
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }

    @Test
    void knowsRowMajorOrder() {
        assertThat(tensor(24, shape(2, 3), 3, 1).isContiguous()).isTrue();
        assertThat(tensor(24, shape(3, 2), 1, 3).isContiguous()).isFalse();
        assertThat(tensor(4, shape()).isContiguous()).isTrue();
        // What has one element or none is in order, whatever its strides.
        assertThat(tensor(8, shape(1, 2, 1), 77, 1, 99).isContiguous()).isTrue();
        assertThat(tensor(0, shape(5, 0), 7, 7).isContiguous()).isTrue();
        assertThat(tensor(4, shape(3), 0).isContiguous()).isFalse();
    }

    @Test
    void countsElementsAndBytes() {
        var tensor = tensor(24, shape(2, 3), 3, 1);
        assertThat(tensor.elements()).isEqualTo(6);
        assertThat(tensor.bytes()).isEqualTo(24);
        assertThat(tensor.shapeText()).isEqualTo("[2, 3]");
        assertThat(tensor(4, shape()).shapeText()).isEqualTo("[]");
        assertThat(tensor(4, shape(3), 0).bytes()).isEqualTo(12);
    }

    @Test
    void cannotBeChanged() {
        var shape = shape(2, 3);
        var tensor = tensor(24, shape, 3, 1);
        shape[0] = 9;
        tensor.shape()[0] = 9;
        tensor.strides()[0] = 9;
        assertThat(tensor.shape()).containsExactly(2, 3);
        assertThat(tensor.strides()).containsExactly(3, 1);
        var header = new TensorHeader("t", DType.F32, tensor.shape(), FILE);
        header.shape()[0] = 9;
        assertThat(header.shape()).containsExactly(2, 3);
    }

    @Test
    void staysWithinItsData() {
        assertRefused(() -> tensor(23, shape(2, 3), 3, 1), FILE, "shape [2, 3]", "beyond its 23 bytes");
        assertRefused(() -> tensor(24, shape(2, 3), 4, 1), FILE, "strides [4, 1]");
        assertRefused(() -> tensor(24, shape(2, 3), 1), FILE, "strides [1]");
    }
}
