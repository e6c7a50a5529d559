package dev.aerie.train.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Makes tar files.
public final class Tar {

    private Tar() {}

    /// An archive with a folder, and files given as names and contents, bytes or text.
    public static byte[] of(Object... namesAndContents) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.putArchiveEntry(new TarArchiveEntry("a/"));
            tar.closeArchiveEntry();
            for (var i = 0; i < namesAndContents.length; i += 2) {
                var content = namesAndContents[i + 1] instanceof byte[] raw
                        ? raw
                        : namesAndContents[i + 1].toString().getBytes(StandardCharsets.UTF_8);
                var entry = new TarArchiveEntry((String) namesAndContents[i]);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
