package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What is kept in JSON beside the weights that it belongs to: settings and scores, as records.
public final class Kept {

    private Kept() {}

    public static void write(Path file, Object value) {
        AtomicFile.write(file, JsonMapper.shared().writeValueAsBytes(value));
    }

    public static <T> T read(Path file, Class<T> type) {
        try {
            return JsonMapper.shared().readValue(Files.readAllBytes(file), type);
        } catch (IOException | JacksonException e) {
            throw new AerieException(
                    "cannot read " + file + ": "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                            + "; remove it to have it made again",
                    e);
        }
    }

    /// A folder belongs to the settings that it was begun with.
    ///
    /// @param file of the settings, in the folder
    /// @throws AerieException if it was begun with others
    public static <T> void begin(Path file, T settings, Class<T> type) {
        if (!Files.exists(file)) {
            write(file, settings);
        } else if (!read(file, type).equals(settings)) {
            throw new AerieException("cannot go on in " + file.getParent() + ": it was begun with other settings, "
                    + read(file, type) + "; repeat them or name another folder");
        }
    }
}
