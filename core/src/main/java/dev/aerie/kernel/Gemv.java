package dev.aerie.kernel;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/// `y = x Wᵀ + b` for one or a few rows of x, as a decode step needs it: W is read once, from wherever it is
/// mapped.
public final class Gemv {

    /// No type gains from this beyond so many rows of x; see [#mostRows].
    public static final int MOST_ROWS = 8;

    /// Bytes of weights in one part of the work: more than handing it over costs, and long enough to stream.
    private static final long LEAST_PART = 128 << 10;

    private static final long LONGEST_PART = 1 << 20;

    /// Parts for each thread, if they are not shorter: enough to share out evenly.
    private static final int PARTS_EACH = 8;

    private static final boolean HAS_VECTORS =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    private Gemv() {}

    /// Whether weights of this type can be multiplied here: F32, F16 and BF16, provided that the JVM was
    /// started with `--add-modules jdk.incubator.vector`.
    public static boolean supports(DType weight) {
        return HAS_VECTORS && (weight == DType.F32 || weight == DType.F16 || weight == DType.BF16);
    }

    /// Up to how many rows of x this is faster than libtorch's product, as measured on a Zen 4: for 16-bit
    /// weights one, because libtorch multiplies several at once with instructions that Java does not have.
    public static int mostRows(DType weight) {
        return weight == DType.F32 ? MOST_ROWS : 1;
    }

    /// `y = x Wᵀ + b` in float32.
    ///
    /// @param weight `[out, in]`, row after row, little-endian, from the segment's beginning; any address. Its
    /// arena must not be closed before this returns
    /// @param x `[rows, in]`, any number of rows: each row of W is read from memory once and used for all of
    /// them
    /// @param bias `[out]`, or null for none
    /// @param y `[rows, out]`, written
    /// @throws AerieException if a size does not fit, before anything is written
    public static void multiply(
            MemorySegment weight,
            DType dtype,
            int out,
            int in,
            float[] x,
            int rows,
            float @Nullable [] bias,
            float[] y,
            Workers workers) {
        check(weight, dtype, out, in, x, rows, bias, y);
        var storage = Storage.of(dtype);
        long rowBytes = (long) in * dtype.bytes();
        long share = out * rowBytes / PARTS_EACH / workers.threads();
        int perPart = Math.toIntExact(Math.max(4, Math.clamp(share, LEAST_PART, LONGEST_PART) / rowBytes / 4 * 4));
        int parts = Math.ceilDiv(out, perPart);
        int groups = rows == 1 ? 1 : Math.ceilDiv(rows, 4);
        var packed = workers.scratch().borrow(rows == 1 ? in : Math.multiplyExact(4 * groups, in));
        if (rows == 1) {
            Packed.one(storage, x, 0, in, packed, 0);
            workers.run(parts, part -> {
                int from = part * perPart;
                int to = Math.min(out, from + perPart);
                storage.rows(weight, rowBytes, from, to, in, packed, y);
                for (int o = from; bias != null && o < to; o++) {
                    y[o] += bias[o];
                }
            });
        } else {
            for (int i = 0; i < groups; i++) {
                Packed.four(storage, x, 4 * i * in, Math.min(4, rows - 4 * i), in, packed, 4 * i * in);
            }
            workers.run(parts, part -> {
                var sums = new float[8];
                int end = Math.min(out, (part + 1) * perPart);
                for (int o = part * perPart; o < end; o += 2) {
                    int next = Math.min(o + 1, end - 1); // the same row twice where the number of rows is odd
                    for (int i = 0; i < groups; i++) {
                        storage.tile(weight, o * rowBytes, next * rowBytes, in, packed, 4 * i * in, sums);
                        for (int row = 4 * i; row < Math.min(rows, 4 * i + 4); row++) {
                            y[row * out + o] = sums[row - 4 * i] + (bias == null ? 0 : bias[o]);
                            y[row * out + next] = sums[4 + row - 4 * i] + (bias == null ? 0 : bias[next]);
                        }
                    }
                }
            });
        }
        workers.scratch().giveBack(packed);
        Reference.reachabilityFence(weight);
    }

    /// What [#supports] asks for and is not given.
    static String requirement() {
        return HAS_VECTORS ? "expected F32, F16 or BF16" : "start java with --add-modules jdk.incubator.vector";
    }

    private static void check(
            MemorySegment weight,
            DType dtype,
            int out,
            int in,
            float[] x,
            int rows,
            float @Nullable [] bias,
            float[] y) {
        var what = "Multiplying %d rows with weights [%d, %d] of %s".formatted(rows, out, in, dtype);
        if (!supports(dtype)) {
            throw new AerieException(what + ": " + requirement());
        }
        if (!weight.isNative()) {
            throw new AerieException(
                    what + ": they are on the Java heap, expected memory of an arena or a mapped file");
        }
        if (out < 1 || in < 1 || rows < 1) {
            throw new AerieException(what + ": every size must be at least 1");
        }
        if ((long) out * in > weight.byteSize() / dtype.bytes()) {
            throw new AerieException(what + ": the memory has only " + weight.byteSize() + " bytes");
        }
        if (x.length < (long) rows * in) {
            throw new AerieException(what + ": x has " + x.length + " values, expected " + (long) rows * in);
        }
        if (y.length < (long) rows * out) {
            throw new AerieException(what + ": y has room for " + y.length + " values, expected " + (long) rows * out);
        }
        if (bias != null && bias.length != out) {
            throw new AerieException(what + ": the bias has " + bias.length + " values, expected " + out);
        }
    }
}
