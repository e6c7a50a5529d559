package dev.aerie.image;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The first image directory of a TIFF or BigTIFF file: numbers by tag. Reads nothing beyond the file and trusts no
/// count that the file is too short for.
final class TiffDirectory {

    static final int WIDTH = 256;
    static final int HEIGHT = 257;
    static final int BITS = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC = 262;
    static final int STRIP_OFFSETS = 273;
    static final int ORIENTATION = 274;
    static final int SAMPLES = 277;
    static final int ROWS_PER_STRIP = 278;
    static final int STRIP_LENGTHS = 279;
    static final int PLANAR = 284;
    static final int PALETTE = 320;
    static final int TILE_WIDTH = 322;
    static final int TILE_HEIGHT = 323;
    static final int TILE_OFFSETS = 324;
    static final int TILE_LENGTHS = 325;
    static final int EXTRA_SAMPLES = 338;
    static final int SAMPLE_FORMAT = 339;

    /// Bytes of a value, by type.
    private static final int[] SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

    /// The types of unsigned whole numbers.
    private static final Set<Integer> WHOLE = Set.of(1, 3, 4, 13, 16, 18);

    private record Entry(int size, long count, long at) {}

    private final Source source;
    private final boolean little;
    private final boolean big;
    private final Map<Integer, Entry> entries = new HashMap<>();

    TiffDirectory(Source source) {
        this.source = source;
        little = source.u8(0) == 'I';
        big = u16(2) == 43;
        var start = big ? u64(8) : u32(4);
        var count = big ? u64(start) : u16(start);
        var first = start + (big ? 8 : 2);
        var length = big ? 20 : 12;
        if (count > source.length() / length) {
            throw source.damaged("its TIFF directory claims " + count + " entries");
        }
        for (var i = 0L; i < count; i++) {
            add(first + length * i);
        }
    }

    private void add(long at) {
        var type = u16(at + 2);
        var size = type < SIZES.length ? SIZES[type] : 0;
        var count = big ? u64(at + 4) : u32(at + 4);
        if (size == 0) {
            return; // a type of a later version
        }
        if (count > source.length()) {
            throw source.damaged("its TIFF tag " + u16(at) + " claims " + count + " values");
        }
        var inline = size * count <= (big ? 8 : 4);
        var value = at + (big ? 12 : 8);
        var place = inline ? value : big ? u64(value) : u32(value);
        source.require(place, size * count);
        if (WHOLE.contains(type)) {
            entries.putIfAbsent(u16(at), new Entry(size, count, place));
        }
    }

    boolean has(int tag) {
        return entries.containsKey(tag);
    }

    /// The first number of a tag.
    long number(int tag, long otherwise) {
        var entry = entries.get(tag);
        return entry == null || entry.count == 0 ? otherwise : value(entry, 0);
    }

    /// All numbers of a tag, none where it is missing.
    long[] numbers(int tag) {
        var entry = entries.get(tag);
        if (entry == null) {
            return new long[0];
        }
        var numbers = new long[(int) entry.count];
        for (var i = 0; i < numbers.length; i++) {
            numbers[i] = value(entry, i);
        }
        return numbers;
    }

    private long value(Entry entry, long index) {
        var at = entry.at + entry.size * index;
        return switch (entry.size) {
            case 1 -> source.u8(at);
            case 2 -> u16(at);
            case 4 -> u32(at);
            default -> u64(at);
        };
    }

    private int u16(long at) {
        return little ? source.u16le(at) : source.u16be(at);
    }

    private long u32(long at) {
        return little ? source.u32le(at) : source.u32be(at);
    }

    /// A number of 64 bits; those beyond 62 bits cannot mean a place in a file.
    private long u64(long at) {
        var value =
                little ? source.u32le(at + 4) << 32 | source.u32le(at) : source.u32be(at) << 32 | source.u32be(at + 4);
        if (value < 0 || value > Long.MAX_VALUE / 2) {
            throw source.damaged("its BigTIFF number at byte " + at + " is out of range");
        }
        return value;
    }
}
