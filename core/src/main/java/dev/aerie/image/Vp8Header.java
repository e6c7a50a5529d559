package dev.aerie.image;

import java.util.Arrays;

/// What the header of a VP8 key frame says (RFC 6386 §§ 9.2 – 9.6, 9.9 – 9.11), in the order of the file.
final class Vp8Header {

    private static final int SEGMENTS = 4;
    private static final int[] DC = steps("""
            4 5 6 7 8 9 10 10 11 12 13 14 15 16 17 17 18 19 20 20 21 21 22 22 23 23 24 25 25 26 27 28 29 30 31 32 33
            34 35 36 37 37 38 39 40 41 42 43 44 45 46 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66
            67 68 69 70 71 72 73 74 75 76 76 77 78 79 80 81 82 83 84 85 86 87 88 89 91 93 95 96 98 100 101 102 104
            106 108 110 112 114 116 118 122 124 126 128 130 132 134 136 138 140 143 145 148 151 154 157""");
    private static final int[] AC = steps("""
            4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40
            41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 60 62 64 66 68 70 72 74 76 78 80 82 84 86 88 90 92
            94 96 98 100 102 104 106 108 110 112 114 116 119 122 125 128 131 134 137 140 143 146 149 152 155 158 161
            164 167 170 173 177 181 185 189 193 197 201 205 209 213 217 221 225 229 234 239 245 249 254 259 264 269
            274 279 284""");

    /// Steps of one segment: of the first and of the other coefficients of each kind of block.
    record Quantizer(int lumaDc, int lumaAc, int secondDc, int secondAc, int chromaDc, int chromaAc) {}

    final boolean segmentMap;
    final int[] segmentProbabilities = {255, 255, 255};
    final boolean simpleFilter;
    final int sharpness;
    final int logPartitions;
    final byte[] tokens = Vp8Tables.coefficients();

    /// The probability that a macroblock has coefficients, or −1 where none may be skipped.
    final int skipProbability;

    private final boolean segmented;
    private boolean absolute;
    private final int[] segmentQuantizers = new int[SEGMENTS];
    private final int[] segmentLevels = new int[SEGMENTS];
    private final int level;
    private final boolean levelDeltas;
    private int intraDelta;
    private int smallBlocksDelta;
    private final Quantizer[] quantizers = new Quantizer[SEGMENTS];

    Vp8Header(Vp8Bits bits) {
        bits.number(2); // colour space and clamping: no decoder heeds them
        segmented = bits.flag();
        segmentMap = segmented && readSegments(bits);
        simpleFilter = bits.flag();
        level = bits.number(6);
        sharpness = bits.number(3);
        levelDeltas = bits.flag();
        if (levelDeltas && bits.flag()) {
            readDeltas(bits);
        }
        logPartitions = bits.number(2);
        readQuantizers(bits);
        bits.flag(); // whether later frames start from these probabilities
        readTokens(bits);
        skipProbability = bits.flag() ? bits.number(8) : -1;
    }

    Quantizer quantizer(int segment) {
        return quantizers[segment];
    }

    /// The strength of the loop filter, 0 … 63, for a macroblock of this segment. A frame of level 0 is not filtered,
    /// whatever its segments say: libwebp reads it so.
    int filterLevel(int segment, boolean smallBlocks) {
        if (level == 0) {
            return 0;
        }
        var strength = segmented ? segmentLevels[segment] + (absolute ? 0 : level) : level;
        if (levelDeltas) {
            strength += intraDelta + (smallBlocks ? smallBlocksDelta : 0);
        }
        return Math.clamp(strength, 0, 63);
    }

    /// Returns whether each macroblock names its segment.
    private boolean readSegments(Vp8Bits bits) {
        var map = bits.flag();
        if (bits.flag()) {
            absolute = bits.flag();
            for (var i = 0; i < SEGMENTS; i++) {
                segmentQuantizers[i] = bits.optional(7);
            }
            for (var i = 0; i < SEGMENTS; i++) {
                segmentLevels[i] = bits.optional(6);
            }
        }
        for (var i = 0; map && i < segmentProbabilities.length; i++) {
            segmentProbabilities[i] = bits.flag() ? bits.number(8) : 255;
        }
        return map;
    }

    /// Four deltas by reference frame, of which a key frame has the first, and four by mode, likewise.
    private void readDeltas(Vp8Bits bits) {
        intraDelta = bits.optional(6);
        for (var i = 0; i < 3; i++) {
            bits.optional(6);
        }
        smallBlocksDelta = bits.optional(6);
        for (var i = 0; i < 3; i++) {
            bits.optional(6);
        }
    }

    private void readQuantizers(Vp8Bits bits) {
        var base = bits.number(7);
        var lumaDc = bits.optional(4);
        var secondDc = bits.optional(4);
        var secondAc = bits.optional(4);
        var chromaDc = bits.optional(4);
        var chromaAc = bits.optional(4);
        for (var i = 0; i < SEGMENTS; i++) {
            var q = segmented ? segmentQuantizers[i] + (absolute ? 0 : base) : base;
            quantizers[i] = new Quantizer(
                    step(DC, q + lumaDc),
                    step(AC, q),
                    2 * step(DC, q + secondDc),
                    Math.max(8, step(AC, q + secondAc) * 155 / 100),
                    Math.min(132, step(DC, q + chromaDc)),
                    step(AC, q + chromaAc));
        }
    }

    private void readTokens(Vp8Bits bits) {
        var updates = Vp8Tables.updates();
        for (var i = 0; i < Vp8Tables.TOKENS; i++) {
            if (bits.bit(updates[i] & 0xFF) == 1) {
                tokens[i] = (byte) bits.number(8);
            }
        }
    }

    private static int step(int[] table, int index) {
        return table[Math.clamp(index, 0, table.length - 1)];
    }

    private static int[] steps(String text) {
        return Arrays.stream(text.split("\\s+")).mapToInt(Integer::parseInt).toArray();
    }
}
