package dev.aerie.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The bytes of a pickle, read forward. Every length is checked against what is left before anything is made of
/// it.
final class PickleInput {

    /// The longest integer that is read, in bytes; the arithmetic of longer ones is slow.
    private static final int MAX_INTEGER = 256;

    private static final ValueLayout.OfDouble BIG_ENDIAN_DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MappedFile file;
    private final MemorySegment bytes;
    private final long start;
    private long position;

    /// Reads `bytes` from `start`, at most [Budget#MAX_BYTES] of them.
    PickleInput(MappedFile file, MemorySegment bytes, long start) {
        this.file = file;
        this.bytes = bytes;
        this.start = start;
        this.position = start;
    }

    MappedFile file() {
        return file;
    }

    long position() {
        return position;
    }

    /// Bytes read so far.
    long consumed() {
        return position - start;
    }

    int unsignedByte() {
        return Byte.toUnsignedInt(bytes.get(JAVA_BYTE, take(1)));
    }

    int unsignedShort() {
        return LittleEndian.unsignedShort(bytes, take(2));
    }

    int signedInt() {
        return LittleEndian.signedInt(bytes, take(4));
    }

    long unsignedInt() {
        return Integer.toUnsignedLong(signedInt());
    }

    /// Eight bytes; a number above `Long.MAX_VALUE` comes out negative, which [#take] refuses as a length.
    long unsignedLong() {
        return LittleEndian.signedLong(bytes, take(8));
    }

    double bigEndianDouble() {
        return bytes.get(BIG_ENDIAN_DOUBLE, take(8));
    }

    byte[] bytes(long length) {
        var from = take(length);
        return bytes.asSlice(from, length).toArray(JAVA_BYTE);
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
        return new String(bytes.asSlice(from, position - 1 - from).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /// Checks a length that the pickle announces.
    void announce(long length) {
        if (length < 0 || length > bytes.byteSize() - position) {
            throw file.damaged("its pickle announces " + Long.toUnsignedString(length) + " bytes, but "
                    + (bytes.byteSize() - position) + " are left");
        }
    }

    private long take(long length) {
        announce(length);
        if (length > Budget.MAX_BYTES - consumed()) {
            throw file.refused(
                    "its pickle is longer than " + Budget.MAX_BYTES + " bytes",
                    "convert it to safetensors with the tool that wrote it");
        }
        var from = position;
        position += length;
        return from;
    }
}
