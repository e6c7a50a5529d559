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
sealed interface Storage permits Float32, Float16, Bfloat16 {

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

    /// The row of `n` elements at byte `at`, times the packed vector.
    float dot(MemorySegment memory, long at, int n, float[] packed, int from);

    /// The row of `n` elements at byte `at`, times each of four interleaved packed vectors, to `sums[0…3]`.
    void dot4(MemorySegment memory, long at, int n, float[] packed, int from, float[] sums);

    /// Adds `factor` times the row of `n` elements at byte `at` to the packed vector that begins at `from`.
    void addScaled(MemorySegment memory, long at, int n, float factor, float[] packed, int from);
}
