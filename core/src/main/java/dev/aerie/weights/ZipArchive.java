package dev.aerie.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.aerie.AerieException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The table of a zip archive, ZIP64 included, as
/// [APPNOTE](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT) describes it. Each entry is compared
/// with its own header, entries may not overlap, and none may promise more than its compression can hold.
final class ZipArchive {

    private static final int END = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int MAX_COMMENT = 0xffff;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCATOR_64_SIZE = 20;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_SIZE = 56;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_SIZE = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_SIZE = 30;
    private static final int EXTRA_64 = 1;
    private static final long IN_EXTRA = 0xffffffffL;
    private static final int ENCRYPTED = 1;
    private static final int SIZES_BEHIND_DATA = 8;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    /// The most that a deflated byte can give.
    private static final long MAX_RATIO = 1032;

    /// What inflating a whole archive may take: weights hardly compress, so that more than this is an attack.
    private static final long MAX_ARCHIVE_RATIO = 100;

    private static final long FREE_INFLATION = 64L << 20;

    /// Where the table of entries lies.
    private record Directory(long offset, long size, long count) {}

    private final MappedFile file;
    private final Map<String, ZipEntry> entries;

    private ZipArchive(MappedFile file, Map<String, ZipEntry> entries) {
        this.file = file;
        this.entries = entries;
    }

    static ZipArchive read(MappedFile file) {
        var archive = new ZipArchive(file, new LinkedHashMap<>());
        archive.readEntries(archive.directory());
        archive.checkTogether();
        return archive;
    }

    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    Optional<ZipEntry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    private Directory directory() {
        var end = endOfDirectory();
        var bytes = file.bytes();
        var directory = new Directory(
                LittleEndian.unsignedInt(bytes, end + 16),
                LittleEndian.unsignedInt(bytes, end + 12),
                LittleEndian.unsignedShort(bytes, end + 10));
        var locator = end - LOCATOR_64_SIZE;
        if (locator >= 0 && LittleEndian.signedInt(bytes, locator) == LOCATOR_64) {
            end = LittleEndian.signedLong(bytes, locator + 8);
            var end64 = file.slice(end, END_64_SIZE, "the end of the zip's table");
            if (LittleEndian.signedInt(end64, 0) != END_64) {
                throw file.damaged("the end of its zip table is not where it should be");
            }
            directory = new Directory(
                    LittleEndian.signedLong(end64, 48),
                    LittleEndian.signedLong(end64, 40),
                    LittleEndian.signedLong(end64, 32));
        }
        file.slice(directory.offset(), directory.size(), "the zip's table");
        if (directory.offset() + directory.size() > end) {
            throw file.damaged("its zip table runs over its own end");
        }
        return directory;
    }

    /// The end record is the last thing in the file but for a comment, whose length it tells.
    private long endOfDirectory() {
        var last = file.size() - END_SIZE;
        for (var at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
            if (LittleEndian.signedInt(file.bytes(), at) == END
                    && LittleEndian.unsignedShort(file.bytes(), at + 20) == last - at) {
                return at;
            }
        }
        throw file.damaged("it begins like a zip archive, but the table at its end is missing");
    }

    private void readEntries(Directory directory) {
        var at = directory.offset();
        var end = directory.offset() + directory.size();
        for (var i = 0L; i < directory.count(); i++) {
            at += readEntry(at, end, directory.offset());
        }
        if (at != end) {
            throw file.damaged("its zip table has other entries than it counts");
        }
    }

    /// Reads the entry of the table at `at` and returns its length there.
    private long readEntry(long at, long end, long dataEnd) {
        var bytes = file.bytes();
        if (at > end - ENTRY_SIZE || LittleEndian.signedInt(bytes, at) != ENTRY) {
            throw file.damaged("its zip table is broken at byte " + at);
        }
        var nameLength = LittleEndian.unsignedShort(bytes, at + 28);
        var extraLength = LittleEndian.unsignedShort(bytes, at + 30);
        var length = ENTRY_SIZE + nameLength + extraLength + LittleEndian.unsignedShort(bytes, at + 32);
        if (length > end - at) {
            throw file.damaged("its zip table is broken at byte " + at);
        }
        var name = text(at + ENTRY_SIZE, nameLength);
        var wide = new WideNumbers(bytes.asSlice(at + ENTRY_SIZE + nameLength, extraLength), name);
        var size = wide.orNext(LittleEndian.unsignedInt(bytes, at + 24));
        var packed = wide.orNext(LittleEndian.unsignedInt(bytes, at + 20));
        var header = wide.orNext(LittleEndian.unsignedInt(bytes, at + 42));
        var method = LittleEndian.unsignedShort(bytes, at + 10);
        if ((LittleEndian.unsignedShort(bytes, at + 8) & ENCRYPTED) != 0 || (method != STORED && method != DEFLATED)) {
            throw file.refused(
                    "its entry " + Fault.quoted(name) + " is encrypted or compressed with the unknown method " + method,
                    "pack it again without compression");
        }
        var start = startOfData(name, header, method, packed, size);
        if (start > dataEnd - packed) {
            throw file.damaged("its entry " + Fault.quoted(name) + " runs into the zip's table");
        }
        var crc = LittleEndian.signedInt(bytes, at + 16);
        var entry = new ZipEntry(name, method == DEFLATED, header, start, packed, size, crc);
        if (entries.put(name, entry) != null) {
            throw file.damaged("its entry " + Fault.quoted(name) + " is there twice");
        }
        return length;
    }

    /// The numbers of the ZIP64 field, which stand for those that do not fit in 32 bits, in order.
    private final class WideNumbers {
        private final String name;
        private MemorySegment rest = MemorySegment.NULL;

        WideNumbers(MemorySegment extra, String name) {
            this.name = name;
            for (var at = 0L; at + 4 <= extra.byteSize(); ) {
                var length = LittleEndian.unsignedShort(extra, at + 2);
                if (length > extra.byteSize() - at - 4) {
                    throw disagreeing(name);
                }
                if (LittleEndian.unsignedShort(extra, at) == EXTRA_64) {
                    rest = extra.asSlice(at + 4, length);
                }
                at += 4 + length;
            }
        }

        long orNext(long narrow) {
            if (narrow != IN_EXTRA) {
                return narrow;
            }
            if (rest.byteSize() < Long.BYTES || LittleEndian.signedLong(rest, 0) < 0) {
                throw disagreeing(name);
            }
            var wide = LittleEndian.signedLong(rest, 0);
            rest = rest.asSlice(Long.BYTES);
            return wide;
        }
    }

    /// Compares the entry with the header in front of its data.
    private long startOfData(String name, long header, int method, long packed, long size) {
        var local = file.slice(header, LOCAL_SIZE, "the entry " + Fault.quoted(name));
        var nameLength = LittleEndian.unsignedShort(local, 26);
        var extraLength = LittleEndian.unsignedShort(local, 28);
        var start = header + LOCAL_SIZE + nameLength + extraLength;
        file.slice(start, packed, "the entry " + Fault.quoted(name));
        if (LittleEndian.signedInt(local, 0) != LOCAL
                || LittleEndian.unsignedShort(local, 8) != method
                || !text(header + LOCAL_SIZE, nameLength).equals(name)) {
            throw disagreeing(name);
        }
        var sizesBehind = (LittleEndian.unsignedShort(local, 6) & SIZES_BEHIND_DATA) != 0;
        if (!sizesBehind) {
            var extra = file.bytes().asSlice(header + LOCAL_SIZE + nameLength, extraLength);
            var wide = new WideNumbers(extra, name);
            if (wide.orNext(LittleEndian.unsignedInt(local, 22)) != size
                    || wide.orNext(LittleEndian.unsignedInt(local, 18)) != packed) {
                throw disagreeing(name);
            }
        }
        return start;
    }

    private AerieException disagreeing(String name) {
        return file.damaged(
                "its entry " + Fault.quoted(name) + " is described differently at its data and in the table");
    }

    private String text(long offset, int length) {
        return new String(file.slice(offset, length, "a name in the zip").toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private void checkTogether() {
        var ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingLong(ZipEntry::headerOffset));
        var end = 0L;
        var inflated = 0L;
        for (var entry : ordered) {
            if (entry.headerOffset() < end) {
                throw file.damaged("its entry " + Fault.quoted(entry.name()) + " overlaps the one before");
            }
            end = entry.end();
            if (!entry.deflated() && entry.packed() != entry.size()) {
                throw disagreeing(entry.name());
            }
            if (entry.deflated()) {
                checkPlausible(entry);
                inflated += entry.size();
            }
        }
        if (inflated > FREE_INFLATION + MAX_ARCHIVE_RATIO * file.size()) {
            throw file.refused(
                    "its " + file.size() + " bytes claim to hold " + inflated + ", as no real weights do",
                    "pack it again without compression if you trust it");
        }
    }

    private void checkPlausible(ZipEntry entry) {
        if (entry.size() / MAX_RATIO > entry.packed()) {
            throw file.damaged("its entry " + Fault.quoted(entry.name()) + " claims " + entry.size() + " bytes from "
                    + entry.packed());
        }
    }

    /// The bytes of an entry: mapped if stored, otherwise inflated into memory of the file's arena.
    MemorySegment bytes(ZipEntry entry) {
        var packed = file.bytes().asSlice(entry.start(), entry.packed());
        return entry.deflated() ? Inflation.of(file, entry, packed) : packed;
    }
}
