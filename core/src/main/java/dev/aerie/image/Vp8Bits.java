package dev.aerie.image;

/// VP8's arithmetic decoder (RFC 6386 § 7).
final class Vp8Bits {

    private final byte[] bytes;
    private final int end;
    private int at;
    private int value;
    private int bits = -8; // how many bits of `value` lie below the byte under decision; negative: load one first
    private int range = 255;
    private boolean exhausted;

    /// Reads the bytes `from` … `end − 1`.
    Vp8Bits(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /// Whether more was wanted than there is: what was read since is made up.
    boolean exhausted() {
        return exhausted;
    }

    /// A bit that is 0 with a probability of `probability` / 256.
    int bit(int probability) {
        if (bits < 0) {
            load();
        }
        var split = 1 + (((range - 1) * probability) >> 8);
        var one = value >> bits >= split;
        if (one) {
            range -= split;
            value -= split << bits;
        } else {
            range = split;
        }
        var shift = Integer.numberOfLeadingZeros(range) - 24;
        range <<= shift;
        bits -= shift;
        return one ? 1 : 0;
    }

    boolean flag() {
        return bit(128) == 1;
    }

    /// An unsigned number of `width` bits.
    int number(int width) {
        var number = 0;
        for (var i = 0; i < width; i++) {
            number = 2 * number + bit(128);
        }
        return number;
    }

    /// A magnitude of `width` bits and a sign.
    int signed(int width) {
        var magnitude = number(width);
        return flag() ? -magnitude : magnitude;
    }

    /// A signed number where a flag announces one, else 0.
    int optional(int width) {
        return flag() ? signed(width) : 0;
    }

    private void load() {
        exhausted |= at >= end;
        value = (value << 8) | (at < end ? bytes[at++] & 0xFF : 0);
        bits += 8;
    }
}
