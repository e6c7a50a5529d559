package dev.aerie.image;

/// Where the channels lie in a BMP pixel of 16, 24 or 32 bits.
final class BmpMasks {

    private static final long[] BYTES = {0xFF0000, 0xFF00, 0xFF};
    private static final long[] FIVE_BITS = {0x7C00, 0x3E0, 0x1F};

    /// For pixels that are indices.
    static final BmpMasks NONE = new BmpMasks(0, new long[0]);

    private final int bytes;
    private final int[] shifts;
    private final int[] greatest;

    private BmpMasks(int bytes, long[] masks) {
        this.bytes = bytes;
        shifts = new int[masks.length];
        greatest = new int[masks.length];
        for (var i = 0; i < masks.length; i++) {
            shifts[i] = Long.numberOfTrailingZeros(masks[i]);
            greatest[i] = (int) (masks[i] >> shifts[i]);
        }
    }

    BmpMasks(Source source, int bits, boolean given) {
        this(bits / 8, masks(source, bits, given));
    }

    private static long[] masks(Source source, int bits, boolean given) {
        var usual = bits == 16 ? FIVE_BITS : BYTES;
        if (!given) {
            return usual;
        }
        // Behind the 40 bytes of the oldest header with masks, or at the same place inside a longer one.
        var masks = new long[] {source.u32le(54), source.u32le(58), source.u32le(62)};
        if (bits == 32 && masks[0] == 0 && masks[1] == 0 && masks[2] == 0) {
            return usual;
        }
        for (var mask : masks) {
            var width = Long.bitCount(mask);
            var solid = mask != 0 && mask >> Long.numberOfTrailingZeros(mask) == (1L << width) - 1;
            if (!solid || width > 8 || mask >= 1L << bits) {
                throw source.unsupported("its BMP bit masks are not supported");
            }
        }
        return masks;
    }

    /// Stretches the channels of the pixel at `at` to bytes.
    void put(byte[] data, int at, byte[] rgb, int target) {
        var pixel = 0L;
        for (var i = bytes - 1; i >= 0; i--) {
            pixel = (pixel << 8) | (data[at + i] & 0xFF);
        }
        for (var channel = 0; channel < 3; channel++) {
            var value = (int) (pixel >> shifts[channel]) & greatest[channel];
            rgb[target + channel] = (byte) (value * 255 / greatest[channel]);
        }
    }
}
