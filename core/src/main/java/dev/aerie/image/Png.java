package dev.aerie.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// PNG (ISO/IEC 15948). Every checksum is verified. Samples become bytes as in Pillow: 1, 2 and 4 bits are stretched,
/// 16-bit colour keeps its upper byte, 16-bit grey alone is cut off at 255; alpha and transparent colours are ignored.
final class Png {

    private static final int DEFLATE_RATIO = 1032;

    private record Chunk(String kind, long at, int length) {
        long end() {
            return at + length;
        }
    }

    private final Source source;
    private final List<Chunk> data = new ArrayList<>();
    private final PngLayout layout;
    private byte[] palette = {};
    private Orientation orientation = Orientation.NORMAL;

    private Png(Source source) {
        this.source = source;
        var header = chunk(8);
        if (!header.kind.equals("IHDR") || header.length != 13) {
            throw source.damaged("its first PNG chunk is no header");
        }
        layout = PngLayout.read(source, header.at);
        for (var chunk = chunk(header.end() + 4); !chunk.kind.equals("IEND"); chunk = chunk(chunk.end() + 4)) {
            switch (chunk.kind) {
                case "IDAT" -> data.add(chunk);
                case "PLTE" -> palette = bytes(chunk);
                case "eXIf" -> orientation = Exif.orientation(source, chunk.at);
                default -> {}
            }
        }
        var packed = data.stream().mapToLong(Chunk::length).sum();
        source.checkPromise(layout.rawBytes(), packed, DEFLATE_RATIO);
        if (layout.indexed() && palette.length < 3) {
            throw source.damaged("it is a PNG with a palette, but the palette is missing");
        }
    }

    static Decoded read(Source source) {
        var png = new Png(source);
        return new Decoded(png.pixels(), png.orientation);
    }

    /// The chunk that begins at this byte, with its checksum verified.
    private Chunk chunk(long at) {
        var length = source.u32be(at);
        source.require(at, length + 12);
        var kind = new String(source.bytes(), (int) at + 4, 4, StandardCharsets.ISO_8859_1);
        var checksum = new CRC32();
        checksum.update(source.bytes(), (int) at + 4, (int) length + 4);
        if (checksum.getValue() != source.u32be(at + 8 + length)) {
            throw source.damaged("the checksum of its PNG chunk at byte " + at + " is wrong");
        }
        return new Chunk(kind, at + 8, (int) length);
    }

    private byte[] bytes(Chunk chunk) {
        return Arrays.copyOfRange(source.bytes(), (int) chunk.at, (int) chunk.end());
    }

    private Picture pixels() {
        var rgb = Picture.allocate(layout.width(), layout.height());
        try (var inflater = new Inflater()) {
            var rows = new Rows(inflater);
            for (var pass : layout.passes()) {
                var previous = new byte[pass.rowBytes()];
                var row = new byte[pass.rowBytes()];
                for (var y = 0; y < pass.rows(); y++) {
                    var filter = rows.next(row);
                    if (!PngLayout.unfilter(filter, row, previous, layout.pixelBytes())) {
                        throw source.damaged("a row of the PNG names filter " + filter + ", which does not exist");
                    }
                    pass.place(row, y, rgb, palette);
                    var swap = previous;
                    previous = row;
                    row = swap;
                }
            }
            rows.finish();
        } catch (DataFormatException e) {
            throw source.damaged("its packed PNG data is broken (" + e.getMessage() + ")", e);
        }
        return new Picture(layout.width(), layout.height(), rgb);
    }

    /// The unpacked rows, taken from all data chunks as if they were one.
    private final class Rows {

        private final Inflater inflater;
        private int next;

        private Rows(Inflater inflater) {
            this.inflater = inflater;
        }

        /// Fills the row and returns the filter in front of it.
        int next(byte[] row) throws DataFormatException {
            var filter = new byte[1];
            fill(filter);
            fill(row);
            return filter[0];
        }

        private void fill(byte[] target) throws DataFormatException {
            for (var filled = 0; filled < target.length; ) {
                var count = inflater.inflate(target, filled, target.length - filled);
                if (count == 0 && !feed()) {
                    throw source.damaged("its packed PNG data ends before its last row");
                }
                filled += count;
            }
        }

        /// The checksum at the end is compared by the inflater once it gets there. Surplus data is ignored.
        private void finish() throws DataFormatException {
            while (!inflater.finished()) {
                if (inflater.inflate(new byte[1]) > 0) {
                    return;
                }
                if (!inflater.finished() && !feed()) {
                    throw source.damaged("the checksum at the end of its PNG data is missing");
                }
            }
        }

        private boolean feed() {
            if (inflater.finished() || inflater.needsDictionary() || !inflater.needsInput() || next == data.size()) {
                return false;
            }
            var chunk = data.get(next++);
            inflater.setInput(source.bytes(), (int) chunk.at, chunk.length);
            return true;
        }
    }
}
