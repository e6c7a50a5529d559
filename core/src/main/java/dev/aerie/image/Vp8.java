package dev.aerie.image;

/// A VP8 key frame (RFC 6386), the lossy half of WebP: predicts each macroblock from its neighbours, adds what the
/// tokens say, then smooths the edges.
final class Vp8 {

    private final Source source;
    private final Vp8Bits bits;
    private final Vp8Header header;
    private final Vp8Bits[] partitions;
    private final Vp8Residual residual;
    private final byte[] modes = Vp8Tables.modes();
    private final Vp8Plane[] planes;
    private final int columns;
    private final int rows;
    private final byte[] levels;
    private final boolean[] inner;

    /// The frame in the bytes `from` … `end − 1` of the source; its size was checked.
    private Vp8(Source source, long from, long end, int width, int height) {
        this.source = source;
        var firstSize = source.u24le(from) >> 5;
        var tokens = from + 10 + firstSize;
        if (tokens > end) {
            throw source.damaged("the WebP frame ends inside its first partition");
        }
        bits = new Vp8Bits(source.bytes(), (int) from + 10, (int) tokens);
        header = new Vp8Header(bits);
        partitions = partitions(tokens, end, 1 << header.logPartitions);
        residual = new Vp8Residual(header.tokens);
        columns = (width + 15) / 16;
        rows = (height + 15) / 16;
        planes = new Vp8Plane[] {
            new Vp8Plane(16 * columns, 16 * rows),
            new Vp8Plane(8 * columns, 8 * rows),
            new Vp8Plane(8 * columns, 8 * rows)
        };
        levels = new byte[columns * rows];
        inner = new boolean[columns * rows];
    }

    static Picture read(Source source, long from, long end) {
        if (end - from < 10 || (source.u8(from) & 1) != 0 || source.u24be(from + 3) != 0x9D012A) {
            throw source.damaged("its WebP frame does not begin like a VP8 key frame");
        }
        var width = source.u16le(from + 6) & 0x3FFF;
        var height = source.u16le(from + 8) & 0x3FFF;
        source.checkSize(width, height);
        var frame = new Vp8(source, from, end, width, height);
        frame.decode();
        frame.smooth();
        return new Vp8Colours(frame.planes, width, height).picture();
    }

    private Vp8Bits[] partitions(long tokens, long end, int count) {
        var partitions = new Vp8Bits[count];
        var start = tokens + 3L * (count - 1);
        for (var i = 0; i < count; i++) {
            var stop = i < count - 1 ? start + source.u24le(tokens + 3L * i) : end;
            if (stop > end || start > end) {
                throw source.damaged("its WebP frame ends inside partition " + (i + 1) + " of " + count);
            }
            partitions[i] = new Vp8Bits(source.bytes(), (int) start, (int) stop);
            start = stop;
        }
        return partitions;
    }

    private void decode() {
        var contexts = new int[columns * Vp8Residual.CONTEXTS];
        var modesAbove = new int[4 * columns];
        for (var row = 0; row < rows; row++) {
            var left = new int[Vp8Residual.CONTEXTS];
            var modesLeft = new int[4];
            var partition = partitions[row % partitions.length];
            if (row > 0) {
                planes[0].extendRow(16 * row - 1);
            }
            for (var column = 0; column < columns; column++) {
                macroblock(column, row, partition, contexts, left, modesAbove, modesLeft);
                if (bits.exhausted() || partition.exhausted()) {
                    throw source.damaged(
                            "its WebP frame ends at macroblock " + (row * columns + column) + " of " + rows * columns);
                }
            }
        }
    }

    private void macroblock(
            int column, int row, Vp8Bits partition, int[] contexts, int[] left, int[] modesAbove, int[] modesLeft) {
        var segment = header.segmentMap ? segment() : 0;
        var skipped = header.skipProbability >= 0 && bits.bit(header.skipProbability) == 1;
        var smallBlocks = bits.bit(145) == 0;
        var small = new int[16];
        var whole = 0;
        if (smallBlocks) {
            smallModes(small, modesAbove, 4 * column, modesLeft);
        } else {
            whole = bits.bit(156) == 1
                    ? bits.bit(128) == 1 ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL
                    : bits.bit(163) == 1 ? Vp8Prediction.VERTICAL : Vp8Prediction.DC;
            for (var i = 0; i < 4; i++) {
                modesAbove[4 * column + i] = whole;
                modesLeft[i] = whole;
            }
        }
        var chroma = bits.bit(142) == 0
                ? Vp8Prediction.DC
                : bits.bit(114) == 0
                        ? Vp8Prediction.VERTICAL
                        : bits.bit(183) == 1 ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
        var any = false;
        var contextAt = column * Vp8Residual.CONTEXTS;
        if (skipped) {
            Vp8Residual.skip(smallBlocks, contexts, contextAt, left);
        } else {
            any = residual.read(partition, header.quantizer(segment), smallBlocks, contexts, contextAt, left);
        }
        levels[row * columns + column] = (byte) header.filterLevel(segment, smallBlocks);
        inner[row * columns + column] = smallBlocks || any;
        luma(16 * column, 16 * row, smallBlocks, small, whole, any);
        for (var p = 1; p <= 2; p++) {
            Vp8Prediction.whole(planes[p], 8 * column, 8 * row, 8, chroma);
            for (var i = 0; any && i < 4; i++) {
                residual.add(12 + 4 * p + i, planes[p], 8 * column + 4 * (i % 2), 8 * row + 4 * (i / 2));
            }
        }
    }

    private int segment() {
        var probabilities = header.segmentProbabilities;
        return bits.bit(probabilities[0]) == 0 ? bits.bit(probabilities[1]) : 2 + bits.bit(probabilities[2]);
    }

    private void smallModes(int[] small, int[] above, int aboveAt, int[] left) {
        for (var i = 0; i < 16; i++) {
            var mode = smallMode(9 * (10 * above[aboveAt + i % 4] + left[i / 4]));
            above[aboveAt + i % 4] = left[i / 4] = small[i] = mode;
        }
    }

    /// Walks the tree of the ten modes (RFC 6386 § 11.2) with the nine probabilities from `at` on.
    private int smallMode(int at) {
        for (var mode = 0; mode < 3; mode++) {
            if (modeBit(at + mode) == 0) {
                return mode;
            }
        }
        if (modeBit(at + 3) == 0) {
            return modeBit(at + 4) == 0 ? 3 : 5 + modeBit(at + 5);
        }
        if (modeBit(at + 6) == 0) {
            return 4;
        }
        return modeBit(at + 7) == 0 ? 7 : 8 + modeBit(at + 8);
    }

    private int modeBit(int at) {
        return bits.bit(modes[at] & 0xFF);
    }

    private void luma(int x, int y, boolean smallBlocks, int[] small, int whole, boolean any) {
        var plane = planes[0];
        if (!smallBlocks) {
            Vp8Prediction.whole(plane, x, y, 16, whole);
        }
        var edge = new int[13];
        for (var i = 0; i < 16; i++) {
            var blockX = x + 4 * (i % 4);
            var blockY = y + 4 * (i / 4);
            if (smallBlocks) {
                surround(edge, blockX, blockY, y, i % 4 == 3);
                Vp8Prediction.small(plane, blockX, blockY, small[i], edge);
            }
            if (any) {
                residual.add(i, plane, blockX, blockY);
            }
        }
    }

    /// The 13 pixels around a 4×4 block. What lies above and to the right of the last column of blocks is not decoded
    /// yet; there the row above the macroblock stands in.
    private void surround(int[] edge, int x, int y, int top, boolean lastColumn) {
        var plane = planes[0];
        for (var i = 0; i < 4; i++) {
            edge[i] = plane.get(plane.at(x - 1, y + 3 - i));
        }
        for (var i = 4; i < 13; i++) {
            edge[i] = plane.get(plane.at(x - 5 + i, i >= 9 && lastColumn ? top - 1 : y - 1));
        }
    }

    private void smooth() {
        var filter = new Vp8LoopFilter(header.simpleFilter, header.sharpness);
        for (var row = 0; row < rows; row++) {
            for (var column = 0; column < columns; column++) {
                var i = row * columns + column;
                filter.macroblock(planes, column, row, levels[i], inner[i]);
            }
        }
    }
}
