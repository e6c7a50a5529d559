package dev.aerie.kernel;

/// Vectors in the order in which [Storage] meets them.
///
/// Two 16-bit weights share an int lane, so one load of them gives the weights of even index by one operation
/// and those of odd index by another. It is cheaper to bring the vector into that order once than to sort the
/// weights of every row: each whole step of a packed vector holds its even elements, then its odd ones. What is
/// left over after the whole steps keeps its order.
///
/// Four vectors for one pass are interleaved by steps, so that the loop follows one array.
final class Packed {

    private Packed() {}

    /// `n` values from `x[from]`.
    static float[] one(Storage storage, float[] x, int from, int n) {
        var packed = new float[n];
        int whole = Storage.whole(n);
        for (int i = 0; i < whole; i += Storage.STEP) {
            step(storage, x, from + i, packed, i);
        }
        System.arraycopy(x, from + whole, packed, whole, n - whole);
        return packed;
    }

    /// Up to four rows of `n` values from `x[from]`; rows that are missing are zero.
    static float[] four(Storage storage, float[] x, int from, int rows, int n) {
        var packed = new float[4 * n];
        int whole = Storage.whole(n);
        int rest = n - whole;
        for (int row = 0; row < rows; row++) {
            int begin = from + row * n;
            for (int i = 0; i < whole; i += Storage.STEP) {
                step(storage, x, begin + i, packed, 4 * i + row * Storage.STEP);
            }
            System.arraycopy(x, begin + whole, packed, 4 * whole + row * rest, rest);
        }
        return packed;
    }

    private static void step(Storage storage, float[] x, int from, float[] packed, int to) {
        if (storage.isPaired()) {
            for (int i = 0; i < Storage.LANES; i++) {
                packed[to + i] = x[from + 2 * i];
                packed[to + Storage.LANES + i] = x[from + 2 * i + 1];
            }
        } else {
            System.arraycopy(x, from, packed, to, Storage.STEP);
        }
    }

    /// The way back: `n` values that lie packed at `from`, times `factor`, to `y[to]`.
    static void unpack(Storage storage, float[] packed, int from, int n, float factor, float[] y, int to) {
        int whole = storage.isPaired() ? Storage.whole(n) : 0;
        for (int i = 0; i < whole; i += Storage.STEP) {
            for (int j = 0; j < Storage.LANES; j++) {
                y[to + i + 2 * j] = packed[from + i + j] * factor;
                y[to + i + 2 * j + 1] = packed[from + i + Storage.LANES + j] * factor;
            }
        }
        for (int i = whole; i < n; i++) {
            y[to + i] = packed[from + i] * factor;
        }
    }
}
