package dev.aerie.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One query against a cache, compared with the formula in double.
class DecodeAttentionTest {

    private static final Workers WORKERS = Workers.of(2);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void agreesWithTheFormula(DType dtype) {
        var random = new Random(11);
        for (int[] heads : new int[][] {{1, 1}, {4, 4}, {6, 2}, {8, 1}}) {
            for (int dim : new int[] {1, 16, 40, 64, 80, 128}) {
                for (int length : new int[] {1, 5, 63, 64, 65, 200}) {
                    int first = random.nextInt(length);
                    Case.random(dtype, heads[0], heads[1], dim, length + random.nextInt(9), random)
                            .check(first, length, 0.3f);
                }
            }
        }
    }

    /// The largest score comes last, block by block, so that what was summed must be scaled down again and
    /// again.
    @Test
    void survivesGrowingScores() {
        int length = 300;
        var test = Case.random(DType.F32, 2, 2, 16, length, new Random(5));
        for (int i = 0; i < 2 * length; i++) {
            Numbers.set(DType.F32, test.k, i * 16L, (i % length) * 5);
        }
        test.q[0] = 2;
        test.q[16] = -2;
        test.check(0, length, 1);
    }

    @Test
    void startsAtTheFirstKeyWithoutBeingTold() {
        var test = Case.random(DType.BF16, 2, 1, 64, 70, new Random(6));
        var whole = new float[128];
        var told = new float[128];
        DecodeAttention.attend(test.q, test.k, test.v, DType.BF16, 2, 1, 64, 70, 70 * 64, 0.1f, whole, WORKERS);
        DecodeAttention.attend(test.q, test.k, test.v, DType.BF16, 2, 1, 64, 0, 70, 70 * 64, 0.1f, told, WORKERS);
        assertThat(whole).containsExactly(told);
    }

    /// What lies before the first key and behind the last is not read, not even as 0 · NaN.
    @Test
    void doesNotSeePaddingOrRoom() {
        var test = Case.random(DType.F32, 1, 1, 32, 100, new Random(8));
        for (int i = 0; i < 100 * 32; i++) {
            if (i < 10 * 32 || i >= 90 * 32) {
                Numbers.set(DType.F32, test.k, i, Float.NaN);
                Numbers.set(DType.F32, test.v, i, Float.NaN);
            }
        }
        test.check(10, 90, 0.2f);
    }

    @Test
    void passesOverKeysOfMinusInfinity() {
        var test = Case.random(DType.F32, 1, 1, 1, 130, new Random(9));
        test.q[0] = 1;
        for (int i = 0; i < 100; i++) {
            Numbers.set(DType.F32, test.k, i, Float.NEGATIVE_INFINITY);
        }
        test.check(0, 130, 1);
    }

    @Test
    void refusesSizesThatDoNotFit() {
        assertRefused(4, 3, 8, 0, 5, 40, "multiple of key heads");
        assertRefused(4, 0, 8, 0, 5, 40, "multiple of key heads");
        assertRefused(4, 2, 0, 0, 5, 40, "at least 1");
        assertRefused(4, 2, 8, 5, 5, 40, "first < length");
        assertRefused(4, 2, 8, -1, 5, 40, "first < length");
        assertRefused(4, 2, 8, 0, 6, 40, "40 elements apart");
        assertRefused(4, 2, 8, 0, 5, 41, "the keys have only 320 bytes");
        assertRefused(4, 2, 8, 0, 5, Long.MAX_VALUE, "the keys have only 320 bytes");
        assertRefused(4, 1, 8, 0, 11, 88, "the keys have only 320 bytes");
        assertRefused(8, 2, 8, 0, 5, 40, "q has 32 values");
        assertThatThrownBy(() -> DecodeAttention.attend(
                        new float[8], memory(), memory(), DType.F16, 1, 1, 8, 1, 8, 1, new float[8], WORKERS))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("F16")
                .hasMessageContaining("F32 or BF16");
    }

    private static MemorySegment memory() {
        return MemorySegment.ofArray(new byte[320]);
    }

    private static void assertRefused(
            int heads, int kvHeads, int dim, int first, int length, long stride, String message) {
        var out = new float[32];
        assertThatThrownBy(() -> DecodeAttention.attend(
                        new float[32],
                        memory(),
                        memory(),
                        DType.F32,
                        heads,
                        kvHeads,
                        dim,
                        first,
                        length,
                        stride,
                        1,
                        out,
                        WORKERS))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(heads + " heads to " + kvHeads);
        assertThat(out).containsOnly(0);
    }

    private record Case(
            DType dtype, int heads, int kvHeads, int dim, int capacity, float[] q, MemorySegment k, MemorySegment v) {

        static Case random(DType dtype, int heads, int kvHeads, int dim, int capacity, Random random) {
            int cached = kvHeads * capacity * dim;
            return new Case(
                    dtype,
                    heads,
                    kvHeads,
                    dim,
                    capacity,
                    Numbers.gaussians(heads * dim, random),
                    Numbers.stored(dtype, cached, random),
                    Numbers.stored(dtype, cached, random));
        }

        void check(int first, int length, float scale) {
            var out = new float[heads * dim];
            long stride = (long) capacity * dim;
            DecodeAttention.attend(q, k, v, dtype, heads, kvHeads, dim, first, length, stride, scale, out, WORKERS);
            for (int head = 0; head < heads; head++) {
                var expected = expected(head, first, length, scale);
                for (int i = 0; i < dim; i++) {
                    assertThat((double) out[head * dim + i])
                            .as("%s, head %d of %d, %d keys from %d, value %d", dtype, head, heads, length, first, i)
                            .isCloseTo(expected[i], within(3e-6));
                }
            }
        }

        private double[] expected(int head, int first, int length, float scale) {
            long begin = (long) (head / (heads / kvHeads)) * capacity * dim;
            var scores = new double[length];
            for (int key = first; key < length; key++) {
                for (int i = 0; i < dim; i++) {
                    scores[key] += scale * q[head * dim + i] * Numbers.value(dtype, k, begin + (long) key * dim + i);
                }
            }
            double max = Arrays.stream(scores, first, length).max().orElseThrow();
            var sum = new double[dim];
            double total = 0;
            for (int key = first; key < length; key++) {
                double weight = Math.exp(scores[key] - max);
                total += weight;
                for (int i = 0; i < dim; i++) {
                    sum[i] += weight * Numbers.value(dtype, v, begin + (long) key * dim + i);
                }
            }
            double all = total;
            return Arrays.stream(sum).map(s -> s / all).toArray();
        }
    }
}
