package dev.aerie.parity;

import java.nio.file.Path;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/// A JSON file that holds one golden case or a table of them; `json` has a `kind`.
public record GoldenFile(Path path, JsonNode json) {

    public Path folder() {
        return Objects.requireNonNull(path.toAbsolutePath().getParent());
    }
}
