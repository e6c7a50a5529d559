package dev.aerie.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against a plain softmax in float64.
class BlockAttentionTest {

    private static final int D = BlockAttention.WIDTH;

    private final SplittableRandom random = new SplittableRandom(5);

    private float[] numbers(int n, float size) {
        var numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) (random.nextDouble() * 2 - 1) * size;
        }
        return numbers;
    }

    private static BlockAttention.Tokens tokens(float[] values, int count, int heads) {
        return new BlockAttention.Tokens(MemorySegment.ofArray(values), (long) count * heads * D, (long) heads * D, D);
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,1", "2,3,5,7", "1,2,64,64", "1,1,65,63", "1,2,130,200", "3,1,4,129"})
    void equalsAPlainSoftmax(int batch, int heads, int queries, int keys) {
        var q = numbers(batch * queries * heads * D, 3);
        var k = numbers(batch * keys * heads * D, 1);
        var v = numbers(batch * keys * heads * D, 1);
        check(q, k, v, new BlockAttention.Sizes(batch, heads, queries, keys), null, 0);
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
        check(values[0], values[1], values[2], new BlockAttention.Sizes(batch, heads, n, n), bias, side);
    }

    @Test
    void largeScoresDoNotOverflow() {
        var q = numbers(70 * D, 1e3f);
        check(q, q.clone(), numbers(70 * D, 1), new BlockAttention.Sizes(1, 1, 70, 70), null, 0);
    }

    private static void check(
            float[] q, float[] k, float[] v, BlockAttention.Sizes sizes, float @Nullable [] bias, int side) {
        int heads = sizes.heads();
        var out = new float[sizes.batch() * sizes.queries() * heads * D];
        int half = bias == null ? 0 : bias.length / 2;
        var relative = bias == null
                ? null
                : new BlockAttention.Relative(
                        MemorySegment.ofArray(bias).asSlice(0, half * 4L),
                        MemorySegment.ofArray(bias).asSlice(half * 4L),
                        side);
        try (var workers = Workers.of(2)) {
            BlockAttention.attend(
                    tokens(q, sizes.queries(), heads),
                    tokens(k, sizes.keys(), heads),
                    tokens(v, sizes.keys(), heads),
                    sizes,
                    0.125f,
                    relative,
                    MemorySegment.ofArray(out),
                    workers);
        }
        for (int b = 0; b < sizes.batch(); b++) {
            for (int h = 0; h < heads; h++) {
                for (int t = 0; t < sizes.queries(); t++) {
                    var weights = new double[sizes.keys()];
                    double max = Double.NEGATIVE_INFINITY;
                    for (int s = 0; s < weights.length; s++) {
                        for (int c = 0; c < D; c++) {
                            weights[s] += 0.125
                                    * q[((b * sizes.queries() + t) * heads + h) * D + c]
                                    * (double) k[((b * sizes.keys() + s) * heads + h) * D + c];
                        }
                        if (bias != null) {
                            int row = ((b * heads + h) * sizes.queries() + t) * side;
                            weights[s] += bias[row + s / side] + (double) bias[half + row + s % side];
                        }
                        max = Math.max(max, weights[s]);
                    }
                    double total = 0;
                    for (int s = 0; s < weights.length; s++) {
                        weights[s] = Math.exp(weights[s] - max);
                        total += weights[s];
                    }
                    for (int c = 0; c < D; c++) {
                        double expected = 0;
                        for (int s = 0; s < weights.length; s++) {
                            expected += weights[s] / total * v[((b * sizes.keys() + s) * heads + h) * D + c];
                        }
                        assertThat((double) out[((b * sizes.queries() + t) * heads + h) * D + c])
                                .isCloseTo(expected, within(2e-5));
                    }
                }
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
                            tokens, tokens, tokens, new BlockAttention.Sizes(1, 1, 2, 1), 1, null, out, workers))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("does not hold");
        }
        assertThat(out.get(ValueLayout.JAVA_FLOAT, 0)).isZero();
    }
}
