package dev.aerie.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Products against a plain double loop.
class GemvTest {

    private static final Workers WORKERS = Workers.of(2);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void agreesWithAPlainLoopForAnySizes(DType dtype) {
        int[] widths = {1, 2, 15, 16, 31, 32, 33, 63, 64, 65, 96, 100, 127, 128, 160, 257, 1000};
        var random = new Random(7);
        for (int in : widths) {
            for (int rows = 1; rows <= Gemv.MOST_ROWS + 1; rows++) {
                int out = 1 + random.nextInt(40);
                boolean biased = random.nextBoolean();
                var product = Product.random(dtype, out, in, rows, biased, random);
                product.check();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void sharesLargeMatricesOut(DType dtype) {
        for (int rows : new int[] {1, 3}) {
            Product.random(dtype, 1111, 777, rows, true, new Random(3)).check();
        }
    }

    /// Vectors that are too long for the first cache; odd numbers of rows, and widths that no step divides.
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void agreesOnLongRows(DType dtype) {
        for (int in : new int[] {6144, 6145, 11008, 11019}) {
            for (int out : new int[] {1, 2, 7, 50}) {
                Product.random(dtype, out, in, 1, in % 2 == 1, new Random(in + out))
                        .check();
            }
        }
    }

    /// Whether a row is taken alone or beside others must not show in a model's numbers.
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void givesARowAloneTheSameBitsAsAmongOthers(DType dtype) {
        var product = Product.random(dtype, 11, 777, 1, false, new Random(5));
        var together = new float[11];
        Gemv.multiply(product.weight(), dtype, 11, 777, product.x(), 1, null, together, WORKERS);
        var alone = new float[1];
        for (int o = 0; o < 11; o++) {
            var row = product.weight().asSlice(777L * dtype.bytes() * o);
            Gemv.multiply(row, dtype, 1, 777, product.x(), 1, null, alone, WORKERS);
            assertThat(together[o]).as("row %d", o).isEqualTo(alone[0]);
        }
    }

    /// Subnormals, infinities and NaN among them; a unit vector picks the weight out of a row of zeros.
    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void keepsTheValueOfEveryPattern(DType dtype) {
        try (var arena = Arena.ofConfined()) {
            int in = 3 * Storage.STEP + 3;
            var row = arena.allocate(2L * in, 2);
            var x = new float[2 * in];
            for (int position : new int[] {0, 1, 2 * Storage.STEP, in - 4, in - 1}) {
                Arrays.fill(x, 0);
                x[position] = 1;
                x[in + position] = 1;
                var one = new float[1];
                var two = new float[2];
                for (int pattern = 0; pattern < 1 << 16; pattern++) {
                    row.set(Storage.SHORT, 2L * position, (short) pattern);
                    float expected = (float) Numbers.value(dtype, row, position);
                    Gemv.multiply(row, dtype, 1, in, x, 1, null, one, WORKERS);
                    Gemv.multiply(row, dtype, 1, in, x, 2, null, two, WORKERS);
                    if (Float.compare(one[0] + 0f, expected + 0f) != 0
                            || Float.compare(two[1] + 0f, expected + 0f) != 0) {
                        assertThat(new float[] {one[0], two[1]})
                                .as("pattern %04x at %d", pattern, position)
                                .containsExactly(expected, expected);
                    }
                }
                row.set(Storage.SHORT, 2L * position, (short) 0);
            }
        }
    }

    @Test
    void readsAtOddAddresses() {
        try (var arena = Arena.ofConfined()) {
            for (int shift : new int[] {0, 2, 6, 62}) {
                var product = Product.random(DType.BF16, 9, 200, 1, false, new Random(shift));
                var memory =
                        arena.allocate(product.weight().byteSize() + shift, 64).asSlice(shift);
                product.with(memory.copyFrom(product.weight())).check();
            }
        }
    }

    @Test
    void supportsTheFloatsOfCheckpoints() {
        assertThat(Gemv.supports(DType.F32)).isTrue();
        assertThat(Gemv.supports(DType.F16)).isTrue();
        assertThat(Gemv.supports(DType.BF16)).isTrue();
        assertThat(Gemv.supports(DType.F64)).isFalse();
        assertThat(Gemv.supports(DType.I8)).isFalse();
    }

    @Test
    void leavesSeveralRowsOfHalfPrecisionToOthers() {
        assertThat(Gemv.mostRows(DType.F32)).isEqualTo(Gemv.MOST_ROWS);
        assertThat(Gemv.mostRows(DType.BF16)).isEqualTo(1);
    }

    @Test
    void refusesSizesThatDoNotFit() {
        var weight = Arena.ofAuto().allocate(24, 8);
        assertRefused(weight, DType.F32, 2, 4, 4, 1, null, 2, "24 bytes");
        assertRefused(weight, DType.F16, Integer.MAX_VALUE, Integer.MAX_VALUE, 4, 1, null, 2, "24 bytes");
        assertRefused(MemorySegment.ofArray(new byte[24]), DType.F32, 2, 3, 3, 1, null, 2, "on the Java heap");
        assertRefused(weight, DType.F32, 2, 3, 2, 1, null, 2, "x has 2 values, expected 3");
        assertRefused(weight, DType.F32, 2, 3, 3, 1, null, 1, "y has room for 1 values, expected 2");
        assertRefused(weight, DType.F32, 2, 3, 6, 2, null, 2, "expected 4");
        assertRefused(weight, DType.F32, 2, 3, 3, 1, new float[1], 2, "the bias has 1 values, expected 2");
        assertRefused(weight, DType.F32, 0, 3, 3, 1, null, 2, "at least 1");
        assertRefused(weight, DType.F32, 2, -3, 3, 1, null, 2, "at least 1");
        assertRefused(weight, DType.F32, 2, 3, 3, 0, null, 2, "at least 1");
        assertRefused(weight, DType.I32, 2, 3, 3, 1, null, 2, "I32: expected F32, F16 or BF16");
        assertThatThrownBy(() -> Storage.of(DType.U8))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("U8");
    }

    private static void assertRefused(
            MemorySegment weight,
            DType dtype,
            int out,
            int in,
            int x,
            int rows,
            float @Nullable [] bias,
            int y,
            String message) {
        assertThatThrownBy(() -> Gemv.multiply(weight, dtype, out, in, new float[x], rows, bias, new float[y], WORKERS))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("[" + out + ", " + in + "]");
    }

    private record Product(
            DType dtype, int out, int in, int rows, MemorySegment weight, float[] x, float @Nullable [] bias) {

        static Product random(DType dtype, int out, int in, int rows, boolean biased, Random random) {
            return new Product(
                    dtype,
                    out,
                    in,
                    rows,
                    Numbers.stored(dtype, out * in, random),
                    Numbers.gaussians(rows * in, random),
                    biased ? Numbers.gaussians(out, random) : null);
        }

        Product with(MemorySegment other) {
            return new Product(dtype, out, in, rows, other, x, bias);
        }

        void check() {
            var y = new float[rows * out + 1];
            y[rows * out] = 42;
            Gemv.multiply(weight, dtype, out, in, x, rows, bias, y, WORKERS);
            for (int row = 0; row < rows; row++) {
                for (int o = 0; o < out; o++) {
                    double sum = bias == null ? 0 : bias[o];
                    double size = Math.abs(sum);
                    for (int i = 0; i < in; i++) {
                        double term = Numbers.value(dtype, weight, o * in + i) * x[row * in + i];
                        sum += term;
                        size += Math.abs(term);
                    }
                    double error = Math.abs(y[row * out + o] - sum);
                    if (!(error <= 2e-7 * (8 + in / 32.0) * size)) {
                        assertThat(y[row * out + o])
                                .as("%s [%d, %d], row %d of %d, output %d", dtype, out, in, row, rows, o)
                                .isEqualTo((float) sum);
                    }
                }
            }
            assertThat(y[rows * out]).isEqualTo(42);
        }
    }
}
