package dev.aerie.kernel;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// How rows of one element type are read: widened to float32 between memory and registers, little-endian as in
/// every weight file, at any address.
///
/// A row of n elements is taken in steps of [#STEP], and what is left over one by one. The float32 vectors that
/// meet a row are *packed*, see [Packed]: in the order in which the vectors of a step come out of memory.
sealed interface Storage permits Float16, Storage.Cached {

    VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    /// Floats in a register.
    int LANES = FLOATS.length();

    /// Elements taken at once: two registers of floats, which 16-bit types fill from one load.
    int STEP = 2 * LANES;

    ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static Storage of(DType dtype) {
        return switch (dtype) {
            case F32 -> Float32.ROWS;
            case F16 -> Float16.ROWS;
            case BF16 -> Bfloat16.ROWS;
            default ->
                throw new AerieException("Choosing a kernel: weights are " + dtype + ", expected F32, F16 or BF16");
        };
    }

    /// The first elements of a row of `n` that are taken in whole steps.
    static int whole(int n) {
        return n - n % STEP;
    }

    /// Whether a step delivers first the elements of even, then those of odd index.
    boolean isPaired();

    /// The row of `n` elements at byte `at`, times the packed vector that begins at float `from`.
    float dot(MemorySegment memory, long at, int n, MemorySegment packed, int from);

    /// The rows `from` … `to` − 1 of a matrix of `n` columns, times one packed vector: to the same places of y.
    default void rows(MemorySegment memory, long rowBytes, int from, int to, int n, MemorySegment packed, float[] y) {
        for (int row = from; row < to; row++) {
            y[row] = dot(memory, row * rowBytes, n, packed, 0);
        }
    }

    /// Two rows of `n` elements, at bytes `at` and `next`, times each of four interleaved packed vectors from
    /// float `from`: the first row's sums to `sums[0…3]`, the second's to `sums[4…7]`. Vectors that are used
    /// for two rows are loaded half as often; with four of them that is what limits the speed.
    void tile(MemorySegment memory, long at, long next, int n, MemorySegment packed, int from, float[] sums);

    /// Types that caches of keys and values are kept in.
    sealed interface Cached extends Storage permits Float32, Bfloat16 {

        static Cached of(DType dtype) {
            return dtype == DType.F32 ? Float32.ROWS : Bfloat16.ROWS;
        }

        /// Four at a time, which waits for memory in four places at once. Each of the four goes on where its last
        /// row ended: streams that begin anew with every row are slower by a sixth.
        @Override
        default void rows(
                MemorySegment memory, long rowBytes, int from, int to, int n, MemorySegment packed, float[] y) {
            int quarter = (to - from) / 4;
            for (int row = from; row < from + quarter; row++) {
                four(memory, rowBytes, row, quarter, n, packed, y);
            }
            Storage.super.rows(memory, rowBytes, from + 4 * quarter, to, n, packed, y);
        }

        /// The rows `row`, `row + step`, `row + 2 step` and `row + 3 step` of a matrix of `n` columns, times one packed
        /// vector: to the same places of y.
        void four(MemorySegment memory, long rowBytes, int row, int step, int n, MemorySegment packed, float[] y);

        /// Adds `factor` times the row of `n` elements at byte `at` to the packed vector.
        void addScaled(MemorySegment memory, long at, int n, float factor, float[] packed);
    }
}
