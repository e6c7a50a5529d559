package dev.aerie.weights;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Inflates an entry of a zip archive, never beyond the size it was declared with.
final class Inflation {

    private static final long STEP = 1L << 20;

    private Inflation() {}

    static MemorySegment of(MappedFile file, ZipEntry entry, MemorySegment packed) {
        var inflated = file.arena().allocate(entry.size(), Long.BYTES);
        var read = 0L;
        var written = 0L;
        var crc = new CRC32();
        try (var inflater = new Inflater(true)) {
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    var step = Math.min(STEP, packed.byteSize() - read);
                    inflater.setInput(packed.asSlice(read, step).asByteBuffer());
                    read += step;
                }
                var target = inflated.asSlice(written, Math.min(STEP, entry.size() - written));
                var count = inflater.inflate(target.asByteBuffer());
                crc.update(target.asSlice(0, count).asByteBuffer());
                written += count;
                // No progress: the input is at its end, or there is no room for what still comes.
                if (count == 0 && !inflater.finished() && (read == packed.byteSize() || written == entry.size())) {
                    break;
                }
            }
            if (!inflater.finished() || written != entry.size() || (int) crc.getValue() != entry.crc()) {
                throw file.damaged("its entry " + Fault.quoted(entry.name()) + " does not inflate to what it declares");
            }
        } catch (DataFormatException e) {
            throw file.damaged("its entry " + Fault.quoted(entry.name()) + " cannot be inflated");
        }
        return inflated.asReadOnly();
    }
}
