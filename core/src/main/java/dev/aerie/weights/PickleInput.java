package dev.aerie.weights;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The bytes of a pickle, read forward. Every length is checked against what is left before anything is made of
/// it.
final class PickleInput {

    /// The longest integer that is read, in bytes; the arithmetic of longer ones is slow.
    private static final int MAX_INTEGER = 256;

    private final MappedFile file;
    private final ByteBuffer bytes;
    private final long start;
    private final long available;
    private int position;

    /// Reads `bytes` from `start`, at most [Budget#MAX_BYTES] of them.
    PickleInput(MappedFile file, MemorySegment bytes, long start) {
        this.file = file;
        this.start = start;
        this.available = bytes.byteSize() - start;
        this.bytes = bytes.asSlice(start, Math.min(available, Budget.MAX_BYTES))
                .asByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    MappedFile file() {
        return file;
    }

    /// Where the next byte lies, counted as `start` is.
    long position() {
        return start + position;
    }

    /// Bytes read so far.
    long consumed() {
        return position;
    }

    int unsignedByte() {
        return Byte.toUnsignedInt(bytes.get(take(1)));
    }

    int unsignedShort() {
        return Short.toUnsignedInt(bytes.getShort(take(2)));
    }

    int signedInt() {
        return bytes.getInt(take(4));
    }

    long unsignedInt() {
        return Integer.toUnsignedLong(signedInt());
    }

    /// Eight bytes; a number above `Long.MAX_VALUE` comes out negative, which [#take] refuses as a length.
    long unsignedLong() {
        return bytes.getLong(take(8));
    }

    double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(bytes.getLong(take(8))));
    }

    byte[] bytes(long length) {
        return copy(take(length), (int) length);
    }

    String utf8(long length) {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    /// A little-endian two's complement integer of `length` bytes: a `Long` where it fits.
    Object integer(long length) {
        if (length < 0 || length > MAX_INTEGER) {
            throw file.damaged("its pickle has an integer of " + length + " bytes");
        }
        var little = bytes(length);
        var big = new byte[little.length + 1];
        for (var i = 0; i < little.length; i++) {
            big[big.length - 1 - i] = little[i];
        }
        big[0] = (byte) (little.length > 0 && little[little.length - 1] < 0 ? -1 : 0);
        return PickleText.narrowed(new BigInteger(big));
    }

    /// The text up to the next line feed, which is consumed.
    String line() {
        var from = position;
        while (unsignedByte() != '\n') {
            // read on
        }
        return new String(copy(from, position - 1 - from), StandardCharsets.UTF_8);
    }

    /// Checks a length that the pickle announces.
    void announce(long length) {
        if (length < 0 || length > available - position) {
            throw file.damaged("its pickle announces " + Long.toUnsignedString(length) + " bytes, but "
                    + (available - position) + " are left");
        }
    }

    private int take(long length) {
        announce(length);
        if (length > bytes.capacity() - position) {
            throw file.refused(
                    "its pickle is longer than " + Budget.MAX_BYTES + " bytes",
                    "convert it to safetensors with the tool that wrote it");
        }
        var from = position;
        position += (int) length;
        return from;
    }

    private byte[] copy(int from, int length) {
        var copy = new byte[length];
        bytes.get(from, copy);
        return copy;
    }
}
