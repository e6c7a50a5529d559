package dev.aerie.evaluate.report;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The small pictures that a run kept of a benchmark's samples.
///
/// @param files by record
record Thumbnails(Map<Long, Path> files) {

    Thumbnails {
        files = Map.copyOf(files);
    }

    /// Those in a folder, `RECORD.jpg`; none if there is no such folder.
    static Thumbnails in(Path folder) {
        var kept = new HashMap<Long, Path>();
        if (Files.isDirectory(folder)) {
            try (var files = Files.list(folder)) {
                files.forEach(file -> record(file).ifPresent(record -> kept.put(record, file)));
            } catch (IOException e) {
                throw new AerieException("cannot list the pictures in " + folder + " (" + e + ")", e);
            }
        }
        return new Thumbnails(kept);
    }

    private static Optional<Long> record(Path file) {
        var name = String.valueOf(file.getFileName());
        return name.matches("\\d{1,18}\\.jpg")
                ? Optional.of(Long.valueOf(name.substring(0, name.length() - 4)))
                : Optional.empty();
    }

    boolean has(long record) {
        return files.containsKey(record);
    }

    /// The picture of a record in the page itself; nothing where none was kept.
    String html(long record) {
        var file = files.get(record);
        if (file == null) {
            return "";
        }
        try {
            var text = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
            return "<img loading=\"lazy\" src=\"data:image/jpeg;base64," + text + "\" alt=\"picture of record " + record
                    + "\">";
        } catch (IOException e) {
            throw new AerieException("cannot read the picture " + file + " (" + e + ")", e);
        }
    }
}
