package dev.aerie.image;

import java.util.Arrays;

/// What a macroblock adds to its prediction: token decoding (RFC 6386 § 13) and inverse transforms (§ 14).
final class Vp8Residual {

    private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};
    private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
    private static final int[][] LARGE = {
        {173, 148, 140},
        {176, 155, 140, 135},
        {180, 157, 141, 134, 130},
        {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
    };

    /// The kinds of block, as the probabilities are ordered.
    private static final int LUMA_WITHOUT_DC = 0;

    private static final int SECOND = 1;
    private static final int CHROMA = 2;
    private static final int LUMA = 3;

    /// Contexts of one macroblock column or of the column to the left: which neighbours had coefficients. Four luma
    /// rows or columns, two of each chroma plane, one second-order block.
    static final int CONTEXTS = 9;

    private static final int SECOND_CONTEXT = 8;

    private final byte[] tokens;

    /// `[25, 16]`: 16 luma blocks, 4 + 4 chroma blocks, the second-order block.
    private final int[] coefficients = new int[25 * 16];

    Vp8Residual(byte[] tokens) {
        this.tokens = tokens;
    }

    /// Reads the coefficients of a macroblock and returns whether there are any.
    boolean read(Vp8Bits bits, Vp8Header.Quantizer steps, boolean smallBlocks, int[] above, int aboveAt, int[] left) {
        Arrays.fill(coefficients, 0);
        var kind = LUMA;
        var any = false;
        if (!smallBlocks) {
            var context = above[aboveAt + SECOND_CONTEXT] + left[SECOND_CONTEXT];
            var end = block(bits, SECOND, context, 0, 24, steps.secondDc(), steps.secondAc());
            above[aboveAt + SECOND_CONTEXT] = left[SECOND_CONTEXT] = end > 0 ? 1 : 0;
            spreadSecond();
            kind = LUMA_WITHOUT_DC;
        }
        for (var i = 0; i < 16; i++) {
            any |= one(bits, kind, i, above, aboveAt + i % 4, left, i / 4, steps.lumaDc(), steps.lumaAc());
        }
        for (var i = 0; i < 8; i++) {
            var column = 4 + i / 4 * 2 + i % 2;
            var row = 4 + i / 4 * 2 + i % 4 / 2;
            any |= one(bits, CHROMA, 16 + i, above, aboveAt + column, left, row, steps.chromaDc(), steps.chromaAc());
        }
        return any;
    }

    /// A macroblock without coefficients leaves its contexts empty; those of the second-order block only where it
    /// would have had one.
    static void skip(boolean smallBlocks, int[] above, int aboveAt, int[] left) {
        var count = smallBlocks ? SECOND_CONTEXT : CONTEXTS;
        Arrays.fill(above, aboveAt, aboveAt + count, 0);
        Arrays.fill(left, 0, count, 0);
    }

    private boolean one(
            Vp8Bits bits, int kind, int block, int[] above, int aboveAt, int[] left, int leftAt, int dc, int ac) {
        var first = kind == LUMA_WITHOUT_DC ? 1 : 0;
        var end = block(bits, kind, above[aboveAt] + left[leftAt], first, block, dc, ac);
        above[aboveAt] = left[leftAt] = end > first ? 1 : 0;
        return end > 1 || coefficients[16 * block] != 0;
    }

    /// Reads one block and returns the place after its last coefficient.
    private int block(Vp8Bits bits, int kind, int context, int first, int block, int dc, int ac) {
        var node = node(kind, first, context);
        for (var n = first; n < 16; n++) {
            if (bits.bit(tokens[node] & 0xFF) == 0) {
                return n;
            }
            while (bits.bit(tokens[node + 1] & 0xFF) == 0) {
                n++;
                if (n == 16) {
                    return 16;
                }
                node = node(kind, n, 0);
            }
            var one = bits.bit(tokens[node + 2] & 0xFF) == 0;
            var magnitude = one ? 1 : large(bits, node);
            var value = bits.flag() ? -magnitude : magnitude;
            coefficients[16 * block + ZIGZAG[n]] = value * (n == 0 ? dc : ac);
            node = node(kind, n + 1, one ? 1 : 2);
        }
        return 16;
    }

    private static int node(int kind, int n, int context) {
        return 11 * (3 * (8 * kind + BANDS[n]) + context);
    }

    private int large(Vp8Bits bits, int node) {
        if (bits.bit(tokens[node + 3] & 0xFF) == 0) {
            return bits.bit(tokens[node + 4] & 0xFF) == 0 ? 2 : 3 + bits.bit(tokens[node + 5] & 0xFF);
        }
        if (bits.bit(tokens[node + 6] & 0xFF) == 0) {
            return bits.bit(tokens[node + 7] & 0xFF) == 0 ? 5 + bits.bit(159) : 7 + 2 * bits.bit(165) + bits.bit(145);
        }
        var high = bits.bit(tokens[node + 8] & 0xFF);
        var category = 2 * high + bits.bit(tokens[node + 9 + high] & 0xFF);
        var extra = 0;
        for (var probability : LARGE[category]) {
            extra = 2 * extra + bits.bit(probability);
        }
        return 3 + (8 << category) + extra;
    }

    /// The inverse Walsh–Hadamard transform of the second-order block: its outputs are the first coefficients of the
    /// 16 luma blocks.
    private void spreadSecond() {
        var c = coefficients;
        for (var i = 384; i < 388; i++) {
            var a = c[i] + c[i + 12];
            var b = c[i + 4] + c[i + 8];
            var d = c[i + 4] - c[i + 8];
            var e = c[i] - c[i + 12];
            c[i] = a + b;
            c[i + 4] = e + d;
            c[i + 8] = a - b;
            c[i + 12] = e - d;
        }
        for (var row = 0; row < 4; row++) {
            var i = 384 + 4 * row;
            var a = c[i] + 3 + c[i + 3];
            var b = c[i + 1] + c[i + 2];
            var d = c[i + 1] - c[i + 2];
            var e = c[i] + 3 - c[i + 3];
            c[64 * row] = (a + b) >> 3;
            c[64 * row + 16] = (e + d) >> 3;
            c[64 * row + 32] = (a - b) >> 3;
            c[64 * row + 48] = (e - d) >> 3;
        }
    }

    /// Adds the inverse cosine transform of a block to the 4×4 pixels at (x, y).
    void add(int block, Vp8Plane plane, int x, int y) {
        var c = coefficients;
        var at = 16 * block;
        for (var i = at; i < at + 4; i++) {
            var a = c[i] + c[i + 8];
            var b = c[i] - c[i + 8];
            var d = sine(c[i + 4]) - cosine(c[i + 12]);
            var e = cosine(c[i + 4]) + sine(c[i + 12]);
            c[i] = a + e;
            c[i + 4] = b + d;
            c[i + 8] = b - d;
            c[i + 12] = a - e;
        }
        for (var row = 0; row < 4; row++) {
            var i = at + 4 * row;
            var a = c[i] + 4 + c[i + 2];
            var b = c[i] + 4 - c[i + 2];
            var d = sine(c[i + 1]) - cosine(c[i + 3]);
            var e = cosine(c[i + 1]) + sine(c[i + 3]);
            var target = plane.at(x, y + row);
            change(plane, target, a + e);
            change(plane, target + 1, b + d);
            change(plane, target + 2, b - d);
            change(plane, target + 3, a - e);
        }
    }

    private static void change(Vp8Plane plane, int at, int eighths) {
        plane.data[at] = Vp8Plane.clip(plane.get(at) + (eighths >> 3));
    }

    /// √2 · cos(π/8) in 16-bit fixed point, whose whole part is added apart.
    private static int cosine(int value) {
        return ((value * 20091) >> 16) + value;
    }

    /// √2 · sin(π/8) in 16-bit fixed point.
    private static int sine(int value) {
        return (value * 35468) >> 16;
    }
}
