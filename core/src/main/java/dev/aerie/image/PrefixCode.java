package dev.aerie.image;

/// A canonical prefix code of lossless WebP (RFC 9649 § 3.7.2): symbols of at most 15 bits. Short codes are looked up,
/// long ones counted out bit by bit.
final class PrefixCode {

    private static final int LONGEST = 15;
    private static final int LOOKED_UP = 8;

    private final int[] counts = new int[LONGEST + 1];
    private final int[] symbols;

    /// For the next 8 bits: 16 × symbol + length, or 0 where the code is longer. None where there is one symbol, which
    /// takes no bits.
    private final int[] table;

    /// From the length of each symbol's code, 0 for absent symbols.
    PrefixCode(int[] lengths, Source source) {
        for (var length : lengths) {
            counts[length]++;
        }
        symbols = sorted(lengths);
        table = new int[symbols.length == 1 ? 0 : 1 << LOOKED_UP];
        if (symbols.length == 1) {
            return;
        }
        var free = 1;
        for (var length = 1; length <= LONGEST; length++) {
            free = 2 * free - counts[length];
            if (free < 0) {
                break;
            }
        }
        if (free != 0) {
            throw source.damaged("a prefix code of its WebP frame is not complete");
        }
        fillTable();
    }

    /// The symbols in the order of their codes: shorter first, then smaller.
    private int[] sorted(int[] lengths) {
        var places = new int[LONGEST + 2];
        for (var length = 1; length <= LONGEST; length++) {
            places[length + 1] = places[length] + counts[length];
        }
        var sorted = new int[places[LONGEST + 1]];
        for (var symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                sorted[places[lengths[symbol]]++] = symbol;
            }
        }
        return sorted;
    }

    private void fillTable() {
        var code = 0;
        var index = 0;
        for (var length = 1; length <= LOOKED_UP; length++) {
            for (var i = 0; i < counts[length]; i++) {
                // Codes come highest bit first, the bits of the file lowest first.
                var reversed = Integer.reverse(code++) >>> (32 - length);
                for (var entry = reversed; entry < table.length; entry += 1 << length) {
                    table[entry] = 16 * symbols[index] + length;
                }
                index++;
            }
            code <<= 1;
        }
    }

    int read(LosslessBits bits) {
        if (table.length == 0) {
            return symbols[0];
        }
        var entry = table[bits.peek(LOOKED_UP)];
        if (entry != 0) {
            bits.drop(entry & 15);
            return entry >> 4;
        }
        return count(bits);
    }

    private int count(LosslessBits bits) {
        var window = bits.peek(LONGEST);
        var code = 0;
        var first = 0;
        var index = 0;
        for (var length = 1; ; length++) {
            code = (code << 1) | ((window >> (length - 1)) & 1);
            if (code - first < counts[length]) {
                bits.drop(length);
                return symbols[index + code - first];
            }
            index += counts[length];
            first = (first + counts[length]) << 1;
        }
    }
}
