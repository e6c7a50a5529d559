package dev.aerie.image;

import dev.aerie.AerieException;

/// The orientation in a block of EXIF data, which is laid out as a TIFF file.
final class Exif {

    private static final int ORIENTATION = 0x0112;
    private static final int ENTRY = 12;

    private Exif() {}

    /// From the EXIF data that begins at byte `at`, with or without its own signature. Data that cannot be read says
    /// nothing about the orientation; that is no reason to refuse the picture.
    static Orientation orientation(Source source, long at) {
        try {
            return read(source, source.has(at, "Exif\0\0") ? at + 6 : at);
        } catch (AerieException e) {
            return Orientation.NORMAL;
        }
    }

    private static Orientation read(Source source, long start) {
        var little = source.has(start, "II");
        var directory = start + u32(source, start + 4, little);
        var entries = u16(source, directory, little);
        for (var i = 0; i < entries; i++) {
            var entry = directory + 2 + (long) ENTRY * i;
            if (u16(source, entry, little) == ORIENTATION) {
                return Orientation.ofExif(u16(source, entry + 8, little));
            }
        }
        return Orientation.NORMAL;
    }

    private static int u16(Source source, long at, boolean little) {
        return little ? source.u16le(at) : source.u16be(at);
    }

    private static long u32(Source source, long at, boolean little) {
        return little ? source.u32le(at) : source.u32be(at);
    }
}
