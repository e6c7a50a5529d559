package dev.aerie.image;

/// The five prefix codes of a lossless WebP pixel: green or what stands in its place, red, blue, alpha, distance.
record PrefixGroup(PrefixCode green, PrefixCode red, PrefixCode blue, PrefixCode alpha, PrefixCode distance) {

    static final int LITERALS = 256;
    static final int LENGTHS = 24;
    private static final int DISTANCES = 40;
    private static final int[] ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    static PrefixGroup read(LosslessBits bits, int cacheSize, Source source) {
        return new PrefixGroup(
                code(bits, LITERALS + LENGTHS + cacheSize, source),
                code(bits, LITERALS, source),
                code(bits, LITERALS, source),
                code(bits, LITERALS, source),
                code(bits, DISTANCES, source));
    }

    private static PrefixCode code(LosslessBits bits, int alphabet, Source source) {
        var lengths = new int[alphabet];
        if (bits.flag()) {
            var two = bits.flag();
            mark(lengths, bits.take(bits.flag() ? 8 : 1), source);
            if (two) {
                mark(lengths, bits.take(8), source);
            }
        } else {
            readLengths(bits, lengths, source);
        }
        if (bits.exhausted()) {
            throw source.damaged("its WebP frame ends inside a prefix code");
        }
        return new PrefixCode(lengths, source);
    }

    private static void mark(int[] lengths, int symbol, Source source) {
        if (symbol >= lengths.length) {
            throw source.damaged("a prefix code of its WebP frame names a symbol that does not exist");
        }
        lengths[symbol] = 1;
    }

    /// The lengths are themselves coded: 16 repeats the last one that was not 0, 17 and 18 stand for runs of zeros.
    private static void readLengths(LosslessBits bits, int[] lengths, Source source) {
        var outer = new int[ORDER.length];
        var count = 4 + bits.take(4);
        for (var i = 0; i < count; i++) {
            outer[ORDER[i]] = bits.take(3);
        }
        var code = new PrefixCode(outer, source);
        var codes = bits.flag() ? 2 + bits.take(2 + 2 * bits.take(3)) : lengths.length;
        if (codes > lengths.length) {
            throw source.damaged("a prefix code of its WebP frame has too many symbols");
        }
        var last = 8;
        for (var symbol = 0; symbol < lengths.length && codes > 0; codes--) {
            var length = code.read(bits);
            if (length < 16) {
                lengths[symbol++] = length;
                last = length == 0 ? last : length;
                continue;
            }
            var repeat = length == 16 ? 3 + bits.take(2) : length == 17 ? 3 + bits.take(3) : 11 + bits.take(7);
            if (symbol + repeat > lengths.length) {
                throw source.damaged("a prefix code of its WebP frame has too many symbols");
            }
            for (var end = symbol + repeat; symbol < end; symbol++) {
                lengths[symbol] = length == 16 ? last : 0;
            }
        }
    }
}
