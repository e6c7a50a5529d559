package dev.aerie.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads the numbers of a file: little-endian at any address.
final class LittleEndian {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    static int unsignedShort(MemorySegment bytes, long offset) {
        return Short.toUnsignedInt(bytes.get(SHORT, offset));
    }

    static int signedInt(MemorySegment bytes, long offset) {
        return bytes.get(INT, offset);
    }

    static long unsignedInt(MemorySegment bytes, long offset) {
        return Integer.toUnsignedLong(bytes.get(INT, offset));
    }

    /// Eight bytes; what is above `Long.MAX_VALUE` comes out negative.
    static long signedLong(MemorySegment bytes, long offset) {
        return bytes.get(LONG, offset);
    }
}
