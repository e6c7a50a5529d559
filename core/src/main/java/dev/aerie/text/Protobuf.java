package dev.aerie.text;

import dev.aerie.AerieException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Walks the fields of one protobuf message (wire format: varint, fixed and length-delimited fields). Every length is
/// checked against the bytes that are there.
final class Protobuf {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer in;
    private final String name;
    private int field;
    private int wire;

    /// `name` says in errors what is being read.
    Protobuf(byte[] message, String name) {
        this(ByteBuffer.wrap(message), name);
    }

    private Protobuf(ByteBuffer message, String name) {
        this.in = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.name = name;
    }

    /// Goes to the next field; false at the end of the message.
    boolean next() {
        if (!in.hasRemaining()) {
            return false;
        }
        var tag = rawVarint();
        field = (int) (tag >>> 3);
        wire = (int) tag & 7;
        if (field <= 0 || tag >>> 32 != 0) {
            throw broken("a field has the impossible number " + (tag >>> 3));
        }
        return true;
    }

    int field() {
        return field;
    }

    int integer() {
        expect(VARINT);
        return (int) rawVarint();
    }

    boolean flag() {
        return integer() != 0;
    }

    float real() {
        expect(FIXED32);
        need(Float.BYTES);
        return in.getFloat();
    }

    byte[] bytes() {
        var bytes = new byte[length()];
        in.get(bytes);
        return bytes;
    }

    Protobuf message() {
        var length = length();
        var part = in.slice(in.position(), length);
        in.position(in.position() + length);
        return new Protobuf(part, name);
    }

    void skip() {
        var length = switch (wire) {
            case VARINT -> {
                rawVarint();
                yield 0;
            }
            case FIXED64 -> Long.BYTES;
            case FIXED32 -> Integer.BYTES;
            case DELIMITED -> length();
            default -> throw broken("field " + field + " has the unknown wire type " + wire);
        };
        need(length);
        in.position(in.position() + length);
    }

    private int length() {
        expect(DELIMITED);
        var length = rawVarint();
        if (length < 0 || length > in.remaining()) {
            throw broken("field " + field + " claims " + Long.toUnsignedString(length) + " bytes where "
                    + in.remaining() + " are left");
        }
        return (int) length;
    }

    private long rawVarint() {
        var value = 0L;
        for (var shift = 0; shift < 64; shift += 7) {
            need(1);
            var b = in.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw broken("a number is longer than 10 bytes");
    }

    private void need(int bytes) {
        if (in.remaining() < bytes) {
            throw broken("it ends in the middle of a field");
        }
    }

    private void expect(int type) {
        if (wire != type) {
            throw broken("field " + field + " has wire type " + wire + " where " + type + " was expected");
        }
    }

    private AerieException broken(String what) {
        return new AerieException("cannot read " + name + ": " + what + "; the file is damaged, fetch it again");
    }
}
