package dev.aerie.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against a plain softmax in float64.
class BlockAttentionTest {

    private static final int D = BlockAttention.PANEL;

    private final SplittableRandom random = new SplittableRandom(5);

    private float[] numbers(int n, float size) {
        var numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) (random.nextDouble() * 2 - 1) * size;
        }
        return numbers;
    }

    private static BlockAttention.Tokens tokens(float[] values, int count, int heads, int width) {
        return new BlockAttention.Tokens(
                MemorySegment.ofArray(values), (long) count * heads * width, (long) heads * width, width);
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,1", "2,3,5,7", "1,2,64,64", "1,1,65,63", "1,2,130,200", "3,1,4,129"})
    void equalsAPlainSoftmax(int batch, int heads, int queries, int keys) {
        var q = numbers(batch * queries * heads * D, 3);
        var k = numbers(batch * keys * heads * D, 1);
        var v = numbers(batch * keys * heads * D, 1);
        check(q, k, v, new BlockAttention.Sizes(batch, heads, heads, queries, keys, D, false), null, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "1,1,1,1,1,64",
        "1,2,1,130,130,64",
        "2,4,2,65,65,128",
        "1,2,2,3,200,64",
        "1,3,1,64,64,192",
        "1,2,1,70,135,128"
    })
    void causalQueriesSeeNoKeyAfterThem(int batch, int heads, int kvHeads, int queries, int keys, int width) {
        var q = numbers(batch * queries * heads * width, 2);
        var k = numbers(batch * keys * kvHeads * width, 1);
        var v = numbers(batch * keys * kvHeads * width, 1);
        check(q, k, v, new BlockAttention.Sizes(batch, heads, kvHeads, queries, keys, width, true), null, 0);
    }

    @ParameterizedTest
    @CsvSource({"1,1,3", "2,3,8", "1,2,14"})
    void addsTheRelativeBias(int batch, int heads, int side) {
        int n = side * side;
        var values = new float[3][];
        for (int i = 0; i < 3; i++) {
            values[i] = numbers(batch * n * heads * D, 1);
        }
        var bias = numbers(2 * batch * heads * n * side, 4);
        check(values[0], values[1], values[2], BlockAttention.Sizes.full(batch, heads, n, D), bias, side);
    }

    @Test
    void largeScoresDoNotOverflow() {
        var q = numbers(70 * D, 1e3f);
        check(q, q.clone(), numbers(70 * D, 1), BlockAttention.Sizes.full(1, 1, 70, D), null, 0);
    }

    private static void check(
            float[] q, float[] k, float[] v, BlockAttention.Sizes sizes, float @Nullable [] bias, int side) {
        int heads = sizes.heads();
        int kvHeads = sizes.kvHeads();
        int width = sizes.width();
        var out = new float[sizes.batch() * sizes.queries() * heads * width];
        int half = bias == null ? 0 : bias.length / 2;
        var relative = bias == null
                ? null
                : new BlockAttention.Relative(
                        MemorySegment.ofArray(bias).asSlice(0, half * 4L),
                        MemorySegment.ofArray(bias).asSlice(half * 4L),
                        side);
        try (var workers = Workers.of(2)) {
            BlockAttention.attend(
                    tokens(q, sizes.queries(), heads, width),
                    tokens(k, sizes.keys(), kvHeads, width),
                    tokens(v, sizes.keys(), kvHeads, width),
                    sizes,
                    0.125f,
                    relative,
                    MemorySegment.ofArray(out),
                    workers);
        }
        for (int b = 0; b < sizes.batch(); b++) {
            for (int h = 0; h < heads; h++) {
                int kvHead = h / (heads / kvHeads);
                for (int t = 0; t < sizes.queries(); t++) {
                    int query = ((b * sizes.queries() + t) * heads + h) * width;
                    int seen = sizes.causal() ? sizes.keys() - sizes.queries() + t + 1 : sizes.keys();
                    var weights = new double[seen];
                    double max = Double.NEGATIVE_INFINITY;
                    for (int s = 0; s < seen; s++) {
                        int key = ((b * sizes.keys() + s) * kvHeads + kvHead) * width;
                        for (int c = 0; c < width; c++) {
                            weights[s] += 0.125 * q[query + c] * (double) k[key + c];
                        }
                        if (bias != null) {
                            int row = ((b * heads + h) * sizes.queries() + t) * side;
                            weights[s] += bias[row + s / side] + (double) bias[half + row + s % side];
                        }
                        max = Math.max(max, weights[s]);
                    }
                    double total = 0;
                    for (int s = 0; s < seen; s++) {
                        weights[s] = Math.exp(weights[s] - max);
                        total += weights[s];
                    }
                    for (int c = 0; c < width; c++) {
                        double expected = 0;
                        for (int s = 0; s < seen; s++) {
                            int value = ((b * sizes.keys() + s) * kvHeads + kvHead) * width;
                            expected += weights[s] / total * v[value + c];
                        }
                        assertThat((double) out[query + c]).isCloseTo(expected, within(2e-5));
                    }
                }
            }
        }
    }

    @Test
    void sizesThatDoNotFitAreRefused() {
        var some = new BlockAttention.Tokens(MemorySegment.ofArray(new float[1024]), 0, D, D);
        var out = MemorySegment.ofArray(new float[1024]);
        try (var workers = Workers.of(1)) {
            for (var sizes : List.of(
                    BlockAttention.Sizes.full(1, 1, 1, 80),
                    new BlockAttention.Sizes(1, 3, 2, 1, 1, D, false),
                    new BlockAttention.Sizes(1, 1, 1, 3, 2, D, true))) {
                assertThatThrownBy(() -> BlockAttention.attend(some, some, some, sizes, 1, null, out, workers))
                        .isInstanceOf(AerieException.class)
                        .hasMessageContaining("cannot attend with");
            }
        }
    }

    @Test
    void memoryThatIsTooSmallIsRefused() {
        var few = MemorySegment.ofArray(new float[D]);
        var tokens = new BlockAttention.Tokens(few, D, D, D);
        var out = MemorySegment.ofArray(new float[2 * D]);
        try (var workers = Workers.of(1)) {
            assertThatThrownBy(() -> BlockAttention.attend(
                            tokens,
                            tokens,
                            tokens,
                            new BlockAttention.Sizes(1, 1, 1, 2, 1, D, false),
                            1,
                            null,
                            out,
                            workers))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("does not hold");
        }
        assertThat(out.get(ValueLayout.JAVA_FLOAT, 0)).isZero();
    }
}
