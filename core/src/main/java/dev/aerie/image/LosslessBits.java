package dev.aerie.image;

/// The bits of a lossless WebP frame, lowest first. Beyond the end they are 0; {@link #exhausted} tells.
final class LosslessBits {

    private final byte[] bytes;
    private final long end;
    private long next;
    private long buffer;
    private int buffered;

    /// Reads the bytes `from` … `end − 1`.
    LosslessBits(byte[] bytes, long from, long end) {
        this.bytes = bytes;
        this.next = from;
        this.end = end;
    }

    /// Whether more bits were taken than there are.
    boolean exhausted() {
        return next - buffered / 8 > end;
    }

    /// The next `count` bits, at most 24.
    int take(int count) {
        var bits = peek(count);
        drop(count);
        return bits;
    }

    boolean flag() {
        return take(1) == 1;
    }

    /// The next `count` bits, at most 24, without taking them.
    int peek(int count) {
        while (buffered < count) {
            buffer |= (next < end ? bytes[(int) next] & 0xFFL : 0) << buffered;
            next++;
            buffered += 8;
        }
        return (int) buffer & ((1 << count) - 1);
    }

    /// Takes bits that were peeked at.
    void drop(int count) {
        buffer >>>= count;
        buffered -= count;
    }
}
