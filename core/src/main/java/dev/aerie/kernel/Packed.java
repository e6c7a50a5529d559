package dev.aerie.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

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

    static FloatVector load(MemorySegment packed, int at) {
        return FloatVector.fromMemorySegment(Storage.FLOATS, packed, 4L * at, ByteOrder.nativeOrder());
    }

    /// Where element `i` of the whole steps of a row lies, if steps are paired.
    static int place(int i) {
        int inStep = i % Storage.STEP;
        return i - inStep + inStep % 2 * Storage.LANES + inStep / 2;
    }

    static float get(MemorySegment packed, int at) {
        return packed.getAtIndex(JAVA_FLOAT, at);
    }

    /// `n` values from `x[from]`, to float `to` of the memory.
    static void one(Storage storage, float[] x, int from, int n, MemorySegment packed, int to) {
        int whole = Storage.whole(n);
        for (int i = 0; i < whole; i += Storage.STEP) {
            step(storage, x, from + i, packed, to + i);
        }
        MemorySegment.copy(x, from + whole, packed, JAVA_FLOAT, 4L * (to + whole), n - whole);
    }

    /// Up to four rows of `n` values from `x[from]`, to float `to` of the memory; rows that are missing become
    /// zero.
    static void four(Storage storage, float[] x, int from, int rows, int n, MemorySegment packed, int to) {
        int whole = Storage.whole(n);
        int rest = n - whole;
        if (rows < 4) {
            packed.asSlice(4L * to, 16L * n).fill((byte) 0);
        }
        for (int row = 0; row < rows; row++) {
            int begin = from + row * n;
            for (int i = 0; i < whole; i += Storage.STEP) {
                step(storage, x, begin + i, packed, to + 4 * i + row * Storage.STEP);
            }
            MemorySegment.copy(x, begin + whole, packed, JAVA_FLOAT, 4L * (to + 4 * whole + row * rest), rest);
        }
    }

    private static void step(Storage storage, float[] x, int from, MemorySegment packed, int to) {
        if (storage.isPaired()) {
            for (int i = 0; i < Storage.LANES; i++) {
                packed.setAtIndex(JAVA_FLOAT, to + i, x[from + 2 * i]);
                packed.setAtIndex(JAVA_FLOAT, to + Storage.LANES + i, x[from + 2 * i + 1]);
            }
        } else {
            MemorySegment.copy(x, from, packed, JAVA_FLOAT, 4L * to, Storage.STEP);
        }
    }

    /// The way back: a packed vector times `factor`, to `y[to]`.
    static void unpack(Storage storage, float[] packed, float factor, float[] y, int to) {
        int whole = storage.isPaired() ? Storage.whole(packed.length) : 0;
        for (int i = 0; i < whole; i += Storage.STEP) {
            for (int j = 0; j < Storage.LANES; j++) {
                y[to + i + 2 * j] = packed[i + j] * factor;
                y[to + i + 2 * j + 1] = packed[i + Storage.LANES + j] * factor;
            }
        }
        for (int i = whole; i < packed.length; i++) {
            y[to + i] = packed[i] * factor;
        }
    }
}
