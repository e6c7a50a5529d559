package dev.aerie.image;

/// The packed pixels of a GIF frame: variable-length LZW codes in a chain of blocks.
final class GifData {

    private static final int CODES = 4096;
    private static final int NONE = -1;

    private final Source source;
    private final int bits;
    private final int clear;
    private final byte[] data;
    private final int[] prefix = new int[CODES];
    private final byte[] suffix = new byte[CODES];
    private final int[] lengths = new int[CODES];
    private int next;
    private int width;
    private int at;
    private long buffer;
    private int buffered;

    /// The frame's data begins at this byte with the number of bits of a colour; the chain of blocks must be whole.
    GifData(Source source, long start) {
        this.source = source;
        bits = source.u8(start);
        if (bits < 1 || bits > 8) {
            throw source.damaged("its GIF colours have " + bits + " bits");
        }
        clear = 1 << bits;
        next = clear + 2;
        width = bits + 1;
        data = joined(start + 1);
    }

    private byte[] joined(long start) {
        var total = 0L;
        for (var at = start; source.u8(at) > 0; at += 1 + source.u8(at)) {
            total += source.u8(at);
        }
        var joined = new byte[(int) total];
        var target = 0;
        for (var at = start; source.u8(at) > 0; at += 1 + source.u8(at)) {
            System.arraycopy(source.bytes(), (int) at + 1, joined, target, source.u8(at));
            target += source.u8(at);
        }
        return joined;
    }

    /// The first `count` palette indices.
    byte[] indices(int count) {
        source.checkPromise(count, data.length, CODES);
        var indices = new byte[count];
        var filled = 0;
        var previous = NONE;
        while (filled < count) {
            var code = code();
            if (code == clear) {
                next = clear + 2;
                width = bits + 1;
                previous = NONE;
                continue;
            }
            if (code == clear + 1 || code > next || (code >= clear && previous == NONE)) {
                throw source.damaged("its GIF data names code " + code + " where " + filled + " of " + count
                        + " pixels are decoded and no such code is expected");
            }
            if (previous != NONE && next < CODES) {
                // The new string is the previous one and the first colour of this one, which may be the new one itself.
                add(previous, first(code == next ? previous : code));
            }
            filled = write(code, indices, filled);
            previous = code;
        }
        return indices;
    }

    private void add(int string, byte colour) {
        prefix[next] = string;
        suffix[next] = colour;
        lengths[next] = 1 + length(string);
        next++;
        if (next == 1 << width && width < 12) {
            width++;
        }
    }

    private int length(int string) {
        return string < clear ? 1 : lengths[string];
    }

    private byte first(int code) {
        var string = code;
        while (string >= clear) {
            string = prefix[string];
        }
        return (byte) string;
    }

    /// Writes a string from its end to its start; returns where it ends. What exceeds the picture is dropped.
    private int write(int code, byte[] indices, int from) {
        var end = from + length(code);
        var string = code;
        for (var i = end - 1; i >= from; i--) {
            if (i < indices.length) {
                indices[i] = string < clear ? (byte) string : suffix[string];
            }
            string = string < clear ? string : prefix[string];
        }
        return end;
    }

    private int code() {
        while (buffered < width) {
            if (at == data.length) {
                throw source.damaged("its GIF data ends before the last pixel");
            }
            buffer |= (data[at++] & 0xFFL) << buffered;
            buffered += 8;
        }
        var code = (int) (buffer & ((1 << width) - 1));
        buffer >>>= width;
        buffered -= width;
        return code;
    }
}
