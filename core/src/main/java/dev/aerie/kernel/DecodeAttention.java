package dev.aerie.kernel;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.EXP;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Attention of one new token over a cache of keys and values: `softmax(scale · q Kᵀ) V` for every head, in
/// float32.
///
/// Keys and values are read once, in blocks; the softmax runs along with them ("online", Milakov and
/// Gimelshein, arXiv 1805.02867), so nothing is allocated that grows with the cache.
public final class DecodeAttention {

    /// Keys of one block; a multiple of any register's floats.
    private static final int BLOCK = 64;

    private DecodeAttention() {}

    /// [#attend(float[], MemorySegment, MemorySegment, DType, int, int, int, int, int, long, float, float\[\],
    /// Workers)] over all keys from the first.
    public static void attend(
            float[] q,
            MemorySegment k,
            MemorySegment v,
            DType dtype,
            int heads,
            int kvHeads,
            int dim,
            int length,
            long headStride,
            float scale,
            float[] out,
            Workers workers) {
        attend(q, k, v, dtype, heads, kvHeads, dim, 0, length, headStride, scale, out, workers);
    }

    /// Query head h attends to the keys and values of head h · kvHeads / heads.
    ///
    /// @param q `[heads, dim]`
    /// @param k `[kvHeads, capacity, dim]`, of which the first `length` rows of each head are in use
    /// @param v as `k`
    /// @param first keys before this one are not seen (padding on the left)
    /// @param headStride elements from one key head to the next, capacity · dim
    /// @param out `[heads, dim]`, written
    /// @throws AerieException if a size does not fit, before anything is written
    public static void attend(
            float[] q,
            MemorySegment k,
            MemorySegment v,
            DType dtype,
            int heads,
            int kvHeads,
            int dim,
            int first,
            int length,
            long headStride,
            float scale,
            float[] out,
            Workers workers) {
        check(q, k, v, dtype, heads, kvHeads, dim, first, length, headStride, out);
        var storage = Storage.of(dtype);
        int group = heads / kvHeads;
        long rowBytes = (long) dim * dtype.bytes();
        workers.run(kvHeads, kvHead -> {
            long begin = kvHead * headStride * dtype.bytes();
            for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
                var query = Packed.one(storage, q, head * dim, dim);
                var sum = new float[dim]; // packed
                var block = new float[BLOCK];
                float max = Float.NEGATIVE_INFINITY;
                float total = 0;
                for (int from = first; from < length; from += BLOCK) {
                    int keys = Math.min(BLOCK, length - from);
                    float top = max;
                    for (int i = 0; i < keys; i++) {
                        block[i] = scale * storage.dot(k, begin + (from + i) * rowBytes, dim, query, 0);
                        top = Math.max(top, block[i]);
                    }
                    Arrays.fill(block, keys, BLOCK, Float.NEGATIVE_INFINITY);
                    float base = top == Float.NEGATIVE_INFINITY ? 0 : top; // -inf - -inf would be NaN
                    float kept = (float) Math.exp(max - base);
                    float added = exponentials(block, base);
                    total = total * kept + added;
                    for (int i = 0; i < dim; i++) {
                        sum[i] *= kept;
                    }
                    for (int i = 0; i < keys; i++) {
                        storage.addScaled(v, begin + (from + i) * rowBytes, dim, block[i], sum, 0);
                    }
                    max = top;
                }
                Packed.unpack(storage, sum, 0, dim, 1 / total, out, head * dim);
            }
        });
    }

    private static float exponentials(float[] block, float top) {
        var total = FloatVector.zero(Storage.FLOATS);
        for (int i = 0; i < BLOCK; i += Storage.LANES) {
            var e = FloatVector.fromArray(Storage.FLOATS, block, i).sub(top).lanewise(EXP);
            e.intoArray(block, i);
            total = total.add(e);
        }
        return total.reduceLanes(ADD);
    }

    private static void check(
            float[] q,
            MemorySegment k,
            MemorySegment v,
            DType dtype,
            int heads,
            int kvHeads,
            int dim,
            int first,
            int length,
            long headStride,
            float[] out) {
        var what = "Attending from %d heads to %d key heads of %d, keys %d to %d of %s"
                .formatted(heads, kvHeads, dim, first, length, dtype);
        if (!Gemv.supports(dtype)) {
            throw new AerieException(what + ": " + Gemv.requirement());
        }
        if (kvHeads < 1 || dim < 1 || heads < 1 || heads % kvHeads != 0) {
            throw new AerieException(what + ": heads must be a multiple of key heads, and every size at least 1");
        }
        if (first < 0 || first >= length || headStride < (long) length * dim) {
            throw new AerieException(what + ", heads " + headStride
                    + " elements apart: expected 0 <= first < length, and length keys to fit between two heads");
        }
        long needed = (long) length * dim;
        long room = Math.min(k.byteSize(), v.byteSize()) / dtype.bytes();
        if (room < needed || (kvHeads > 1 && (room - needed) / (kvHeads - 1) < headStride)) {
            throw new AerieException(what + ", heads " + headStride + " elements apart: the keys have only "
                    + k.byteSize() + " bytes, the values " + v.byteSize());
        }
        if (q.length < (long) heads * dim || out.length < (long) heads * dim) {
            throw new AerieException(what + ": q has " + q.length + " values and the result room for " + out.length
                    + ", expected " + (long) heads * dim);
        }
    }
}
