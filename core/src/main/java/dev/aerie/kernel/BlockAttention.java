package dev.aerie.kernel;

import static jdk.incubator.vector.VectorOperators.MAX;

import dev.aerie.AerieException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/// Attention of many tokens over many in float32, over all keys or causal: `softmax(scale · q kᵀ + bias) v` for
/// heads of a multiple of 64 channels. Scores never leave the cache: a block of queries meets one block of keys
/// after the other, and the softmax runs along (FlashAttention, arXiv 2205.14135).
///
/// Both products are the same small one, [#addProduct]: 4 rows times a panel of 64 × 64. A wider head is several
/// panels. Usable where [Gemv#supports] float32.
public final class BlockAttention {

    /// Channels of a head come in panels of so many.
    public static final int PANEL = 64;

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = FLOATS.length();
    private static final int ROWS = 4;
    private static final int QUERIES = 64;
    private static final int KEYS = PANEL;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private BlockAttention() {}

    /// Tokens in memory as `[B, T, H, D]` float32, not necessarily contiguous; strides in elements.
    ///
    /// @param headStride from one head to the next; the channels of a head are contiguous
    public record Tokens(MemorySegment memory, long batchStride, long tokenStride, long headStride) {

        private long at(int b, int token, int head) {
            return (b * batchStride + token * tokenStride + head * headStride) * Float.BYTES;
        }

        private void read(int b, int token, int head, float[] to, int at, int count) {
            MemorySegment.copy(memory, FLOAT, at(b, token, head), to, at, count);
        }
    }

    /// A bias that is a sum of a row and a column term over a square map of keys (SAM's relative positions):
    /// query n gets `rows[n, ky] + columns[n, kx]` for the key at (ky, kx). Both terms `[B, H, T, side]`,
    /// contiguous float32.
    public record Relative(MemorySegment rows, MemorySegment columns, int side) {}

    /// The sizes of a call.
    ///
    /// @param kvHeads heads of keys and values; fewer than `heads` in grouped-query attention
    /// @param width   channels of a head, a multiple of [#PANEL]
    /// @param causal  whether the queries are the last tokens among the keys and see none that comes after them
    public record Sizes(int batch, int heads, int kvHeads, int queries, int keys, int width, boolean causal) {

        /// As many keys as queries, all of them seen.
        public static Sizes full(int batch, int heads, int tokens, int width) {
            return new Sizes(batch, heads, heads, tokens, tokens, width, false);
        }

        /// How many keys query `query` sees.
        private int seen(int query) {
            return causal ? keys - queries + query + 1 : keys;
        }
    }

    /// @param out `[B, T, H·D]`, contiguous float32, written
    public static void attend(
            Tokens q,
            Tokens k,
            Tokens v,
            Sizes sizes,
            float scale,
            @Nullable Relative relative,
            MemorySegment out,
            Workers workers) {
        if (sizes.width() % PANEL != 0
                || sizes.heads() % sizes.kvHeads() != 0
                || sizes.causal() && sizes.queries() > sizes.keys()) {
            throw new AerieException("cannot attend with " + sizes + ": expected a width of a multiple of " + PANEL
                    + ", heads of a multiple of kvHeads, and keys for all causal queries");
        }
        check(q, sizes, sizes.queries(), sizes.heads());
        check(k, sizes, sizes.keys(), sizes.kvHeads());
        check(v, sizes, sizes.keys(), sizes.kvHeads());
        if (out.byteSize() < (long) sizes.batch() * sizes.queries() * sizes.heads() * sizes.width() * Float.BYTES) {
            throw new AerieException(
                    "cannot attend: the output of " + out.byteSize() + " bytes is too small for " + sizes);
        }
        workers.run(sizes.batch() * sizes.heads(), part -> {
            var head = new Head(sizes, part / sizes.heads(), part % sizes.heads(), scale, relative);
            head.pack(k, v);
            for (int from = 0; from < sizes.queries(); from += QUERIES) {
                head.attend(q, from, Math.min(QUERIES, sizes.queries() - from), out);
            }
        });
    }

    private static void check(Tokens tokens, Sizes sizes, int count, int heads) {
        long last = tokens.at(sizes.batch() - 1, count - 1, heads - 1) + (long) sizes.width() * Float.BYTES;
        if (count < 1 || tokens.memory().byteSize() < last) {
            throw new AerieException("cannot attend: memory of "
                    + tokens.memory().byteSize() + " bytes does not hold the tokens of " + sizes);
        }
    }

    /// One head of one sequence: its packed keys and values, and the state of the block of queries at hand. All panels
    /// are `[64, 64]`, one after the other.
    private static final class Head {

        private final Sizes sizes;
        private final int b;
        private final int h;
        private final float scale;
        private final @Nullable Relative relative;
        private final int blocks;
        private final int panels;
        private final int row; // of the bias
        private final float[] keys; // per block and panel [channels, keys]
        private final float[] values; // per block and panel [keys, channels]
        private final float[] queries; // per panel [queries, channels]
        private final float[] sums; // per panel [queries, channels]
        private final float[] scores = new float[ROWS * KEYS];
        private final float[] max = new float[QUERIES];
        private final float[] total = new float[QUERIES];
        private final float[] bias;

        Head(Sizes sizes, int b, int h, float scale, @Nullable Relative relative) {
            this.sizes = sizes;
            this.b = b;
            this.h = h;
            this.scale = scale;
            this.relative = relative;
            blocks = Math.ceilDiv(sizes.keys(), KEYS);
            panels = sizes.width() / PANEL;
            row = blocks * KEYS;
            keys = new float[row * sizes.width()];
            values = new float[row * sizes.width()];
            queries = new float[QUERIES * sizes.width()];
            sums = new float[QUERIES * sizes.width()];
            bias = new float[relative == null ? row : QUERIES * row];
        }

        void pack(Tokens k, Tokens v) {
            int width = sizes.width();
            int kvHead = h / (sizes.heads() / sizes.kvHeads());
            var one = new float[width];
            for (int key = 0; key < sizes.keys(); key++) {
                int block = key / KEYS * KEYS * width;
                k.read(b, key, kvHead, one, 0, width);
                for (int c = 0; c < width; c++) {
                    keys[block + c * KEYS + key % KEYS] = one[c];
                }
                v.read(b, key, kvHead, one, 0, width);
                for (int p = 0; p < panels; p++) {
                    System.arraycopy(one, p * PANEL, values, block + (p * KEYS + key % KEYS) * PANEL, PANEL);
                }
            }
        }

        void attend(Tokens q, int from, int count, MemorySegment out) {
            read(q, from, count);
            Arrays.fill(sums, 0);
            Arrays.fill(total, 0);
            Arrays.fill(max, Float.NEGATIVE_INFINITY);
            int seen = Math.ceilDiv(sizes.seen(from + count - 1), KEYS);
            for (int block = 0; block < seen; block++) {
                int first = block * KEYS * sizes.width();
                for (int query = 0; query < count; query += ROWS) {
                    for (int r = 0; r < ROWS; r++) {
                        start(query + r, from, block, r * KEYS);
                    }
                    for (int p = 0; p < panels; p++) {
                        addProduct(queries, at(p, query), keys, first + p * PANEL * KEYS, scores, 0);
                    }
                    for (int r = 0; r < ROWS; r++) {
                        softmax(query + r, r * KEYS);
                    }
                    for (int p = 0; p < panels; p++) {
                        addProduct(scores, 0, values, first + p * KEYS * PANEL, sums, at(p, query));
                    }
                }
            }
            write(from, count, out);
        }

        private static int at(int panel, int query) {
            return (panel * QUERIES + query) * PANEL;
        }

        /// Scores begin as the bias; keys that are not to be seen, or only fill up the last block, as minus infinity.
        private void start(int query, int from, int block, int at) {
            System.arraycopy(bias, (relative == null ? 0 : query * row) + block * KEYS, scores, at, KEYS);
            int visible = Math.clamp(sizes.seen(from + query) - block * KEYS, 0, KEYS);
            Arrays.fill(scores, at + visible, at + KEYS, Float.NEGATIVE_INFINITY);
        }

        private void read(Tokens q, int from, int count) {
            Arrays.fill(queries, 0);
            var one = new float[sizes.width()];
            for (int i = 0; i < count; i++) {
                q.read(b, from + i, h, one, 0, one.length);
                for (int c = 0; c < one.length; c++) {
                    queries[at(c / PANEL, i) + c % PANEL] = one[c] * scale;
                }
                if (relative != null) {
                    spread(relative, i, from + i);
                }
            }
        }

        /// The bias of query `query`, the block's `i`-th, for every key.
        private void spread(Relative terms, int i, int query) {
            int side = terms.side();
            long start = (((long) b * sizes.heads() + h) * sizes.queries() + query) * side;
            var rows = new float[side];
            var columns = new float[side];
            MemorySegment.copy(terms.rows(), FLOAT, start * Float.BYTES, rows, 0, side);
            MemorySegment.copy(terms.columns(), FLOAT, start * Float.BYTES, columns, 0, side);
            int at = i * row;
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    bias[at++] = rows[y] + columns[x];
                }
            }
        }

        /// Turns the scores of query `r` against a block into weights relative to the greatest score so
        /// far, and the sum so far with it. The first block holds a key that every query sees, so the
        /// greatest is finite.
        private void softmax(int r, int at) {
            var top = FloatVector.broadcast(FLOATS, max[r]);
            for (int i = 0; i < KEYS; i += LANES) {
                top = top.max(FloatVector.fromArray(FLOATS, scores, at + i));
            }
            float greatest = top.reduceLanes(MAX);
            if (greatest > max[r]) {
                float kept = (float) Math.exp(max[r] - greatest);
                total[r] *= kept;
                for (int p = 0; p < panels; p++) {
                    for (int i = at(p, r); i < at(p, r) + PANEL; i += LANES) {
                        FloatVector.fromArray(FLOATS, sums, i).mul(kept).intoArray(sums, i);
                    }
                }
                max[r] = greatest;
            }
            var added = FloatVector.zero(FLOATS);
            for (int i = 0; i < KEYS; i += LANES) {
                var weight =
                        Lanes.exp(FloatVector.fromArray(FLOATS, scores, at + i).sub(greatest));
                weight.intoArray(scores, at + i);
                added = added.add(weight);
            }
            total[r] += Lanes.sum(added);
        }

        private void write(int from, int count, MemorySegment out) {
            var one = new float[sizes.width()];
            for (int i = 0; i < count; i++) {
                float share = 1 / total[i];
                for (int c = 0; c < one.length; c++) {
                    one[c] = sums[at(c / PANEL, i) + c % PANEL] * share;
                }
                long token = ((long) b * sizes.queries() + from + i) * sizes.heads() + h;
                MemorySegment.copy(one, 0, out, FLOAT, token * one.length * Float.BYTES, one.length);
            }
        }
    }

    /// `c += a b`: a `[4, 64]`, b `[64, 64]`, c `[4, 64]`, all row-major. The sums stay in registers.
    private static void addProduct(float[] a, int aAt, float[] b, int bAt, float[] c, int cAt) {
        for (int j = 0; j < 64; j += 4 * LANES) {
            var s00 = FloatVector.fromArray(FLOATS, c, cAt + j);
            var s01 = FloatVector.fromArray(FLOATS, c, cAt + j + LANES);
            var s02 = FloatVector.fromArray(FLOATS, c, cAt + j + 2 * LANES);
            var s03 = FloatVector.fromArray(FLOATS, c, cAt + j + 3 * LANES);
            var s10 = FloatVector.fromArray(FLOATS, c, cAt + 64 + j);
            var s11 = FloatVector.fromArray(FLOATS, c, cAt + 64 + j + LANES);
            var s12 = FloatVector.fromArray(FLOATS, c, cAt + 64 + j + 2 * LANES);
            var s13 = FloatVector.fromArray(FLOATS, c, cAt + 64 + j + 3 * LANES);
            var s20 = FloatVector.fromArray(FLOATS, c, cAt + 128 + j);
            var s21 = FloatVector.fromArray(FLOATS, c, cAt + 128 + j + LANES);
            var s22 = FloatVector.fromArray(FLOATS, c, cAt + 128 + j + 2 * LANES);
            var s23 = FloatVector.fromArray(FLOATS, c, cAt + 128 + j + 3 * LANES);
            var s30 = FloatVector.fromArray(FLOATS, c, cAt + 192 + j);
            var s31 = FloatVector.fromArray(FLOATS, c, cAt + 192 + j + LANES);
            var s32 = FloatVector.fromArray(FLOATS, c, cAt + 192 + j + 2 * LANES);
            var s33 = FloatVector.fromArray(FLOATS, c, cAt + 192 + j + 3 * LANES);
            for (int i = 0; i < 64; i++) {
                int row = bAt + i * 64 + j;
                var b0 = FloatVector.fromArray(FLOATS, b, row);
                var b1 = FloatVector.fromArray(FLOATS, b, row + LANES);
                var b2 = FloatVector.fromArray(FLOATS, b, row + 2 * LANES);
                var b3 = FloatVector.fromArray(FLOATS, b, row + 3 * LANES);
                var a0 = FloatVector.broadcast(FLOATS, a[aAt + i]);
                s00 = a0.fma(b0, s00);
                s01 = a0.fma(b1, s01);
                s02 = a0.fma(b2, s02);
                s03 = a0.fma(b3, s03);
                var a1 = FloatVector.broadcast(FLOATS, a[aAt + 64 + i]);
                s10 = a1.fma(b0, s10);
                s11 = a1.fma(b1, s11);
                s12 = a1.fma(b2, s12);
                s13 = a1.fma(b3, s13);
                var a2 = FloatVector.broadcast(FLOATS, a[aAt + 128 + i]);
                s20 = a2.fma(b0, s20);
                s21 = a2.fma(b1, s21);
                s22 = a2.fma(b2, s22);
                s23 = a2.fma(b3, s23);
                var a3 = FloatVector.broadcast(FLOATS, a[aAt + 192 + i]);
                s30 = a3.fma(b0, s30);
                s31 = a3.fma(b1, s31);
                s32 = a3.fma(b2, s32);
                s33 = a3.fma(b3, s33);
            }
            s00.intoArray(c, cAt + j);
            s01.intoArray(c, cAt + j + LANES);
            s02.intoArray(c, cAt + j + 2 * LANES);
            s03.intoArray(c, cAt + j + 3 * LANES);
            s10.intoArray(c, cAt + 64 + j);
            s11.intoArray(c, cAt + 64 + j + LANES);
            s12.intoArray(c, cAt + 64 + j + 2 * LANES);
            s13.intoArray(c, cAt + 64 + j + 3 * LANES);
            s20.intoArray(c, cAt + 128 + j);
            s21.intoArray(c, cAt + 128 + j + LANES);
            s22.intoArray(c, cAt + 128 + j + 2 * LANES);
            s23.intoArray(c, cAt + 128 + j + 3 * LANES);
            s30.intoArray(c, cAt + 192 + j);
            s31.intoArray(c, cAt + 192 + j + LANES);
            s32.intoArray(c, cAt + 192 + j + 2 * LANES);
            s33.intoArray(c, cAt + 192 + j + 3 * LANES);
        }
    }
}
