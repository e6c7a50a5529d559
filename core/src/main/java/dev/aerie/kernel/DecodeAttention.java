package dev.aerie.kernel;

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
    /// @param dtype of keys and values, F32 or BF16
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
        var storage = Storage.Cached.of(dtype);
        int group = heads / kvHeads;
        long rowBytes = (long) dim * dtype.bytes();
        var queries = workers.scratch().borrow(heads * dim);
        for (int head = 0; head < heads; head++) {
            Packed.one(storage, q, head * dim, dim, queries, head * dim);
        }
        workers.run(kvHeads, kvHead -> {
            long begin = kvHead * headStride * dtype.bytes();
            var states = new Softmax[group];
            Arrays.setAll(states, i -> new Softmax(dim));
            for (int from = first; from < length; from += BLOCK) {
                int keys = Math.min(BLOCK, length - from);
                for (int i = 0; i < group; i++) {
                    var state = states[i];
                    int query = (kvHead * group + i) * dim;
                    for (int key = 0; key < keys; key++) {
                        long at = begin + (from + key) * rowBytes;
                        state.scores[key] = scale * storage.dot(k, at, dim, queries, query);
                    }
                    state.weigh(keys);
                    for (int key = 0; key < keys; key++) {
                        long at = begin + (from + key) * rowBytes;
                        storage.addScaled(v, at, dim, state.scores[key], state.sum);
                    }
                }
            }
            for (int i = 0; i < group; i++) {
                Packed.unpack(storage, states[i].sum, 1 / states[i].total, out, (kvHead * group + i) * dim);
            }
        });
        workers.scratch().giveBack(queries);
    }

    /// The softmax of one head as far as it has come.
    private static final class Softmax {

        /// Of one block: first the scores, then their weights.
        final float[] scores = new float[BLOCK];

        /// The values seen so far, weighed, packed.
        final float[] sum;

        float total;
        private float max = Float.NEGATIVE_INFINITY;

        Softmax(int dim) {
            sum = new float[dim];
        }

        /// Turns scores into weights relative to the largest score so far, and brings what was summed before to
        /// the same scale.
        void weigh(int keys) {
            float before = max;
            for (int i = 0; i < keys; i++) {
                max = Math.max(max, scores[i]);
            }
            Arrays.fill(scores, keys, BLOCK, Float.NEGATIVE_INFINITY);
            float base = max == Float.NEGATIVE_INFINITY ? 0 : max; // −∞ − −∞ would be NaN
            var added = FloatVector.zero(Storage.FLOATS);
            for (int i = 0; i < BLOCK; i += Storage.LANES) {
                var weights = Lanes.exp(
                        FloatVector.fromArray(Storage.FLOATS, scores, i).sub(base));
                weights.intoArray(scores, i);
                added = added.add(weights);
            }
            float kept = (float) Math.exp(before - base);
            total = total * kept + Lanes.sum(added);
            for (int i = 0; i < sum.length; i++) {
                sum[i] *= kept;
            }
        }
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
        if (dtype != DType.F32 && dtype != DType.BF16) {
            throw new AerieException(what + ": expected a cache of F32 or BF16");
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
