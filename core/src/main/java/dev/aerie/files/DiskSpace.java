package dev.aerie.files;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The room that is left on a disk.
public final class DiskSpace {

    private DiskSpace() {}

    /// Bytes that can be written at a place, which need not exist; [Long#MAX_VALUE] where the file system does not say.
    public static long free(Path place) {
        var there = place.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            var disk = Files.getFileStore(there);
            return disk.getTotalSpace() > 0 ? disk.getUsableSpace() : Long.MAX_VALUE;
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /// Refuses to write what will not fit.
    ///
    /// @param target that would be written: a file or folder
    /// @throws AerieException if fewer than `bytes` are free there
    public static void require(Path target, long bytes) {
        long free = free(target);
        if (free < bytes) {
            throw new AerieException("cannot write " + target + ": " + describe(bytes, free)
                    + "; free some space or name a folder on a larger disk");
        }
    }

    /// `it takes 1,200 bytes and 800 are free`
    static String describe(long needed, long free) {
        return String.format(Locale.ROOT, "it takes %,d bytes and %,d are free", needed, free);
    }
}
