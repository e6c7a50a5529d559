package dev.aerie.parity;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Finds golden cases in a folder by their `kind` and runs them. The tests and the verb `parity` share it.
///
/// Every module brings its kinds: a new one is a class and a line in `META-INF/services/dev.aerie.parity.Kind`.
public final class Parity {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Parity() {}

    /// Every kind of case that can be run with the modules at hand, by name.
    static SortedMap<String, Kind> kinds() {
        var kinds = new TreeMap<String, Kind>();
        ServiceLoader.load(Kind.class).forEach(kind -> kinds.put(kind.name(), kind));
        return kinds;
    }

    /// The cases of the given kinds below `folder`, in the order of their paths.
    ///
    /// @param kinds names; empty for all
    public static List<GoldenFile> find(Path folder, Set<String> kinds) {
        var known = kinds().keySet();
        for (var kind : kinds) {
            if (!known.contains(kind)) {
                throw new AerieException(
                        "unknown kind of golden case '" + kind + "': known are " + String.join(", ", known));
            }
        }
        try (var paths = Files.walk(folder)) {
            var files = new ArrayList<GoldenFile>();
            paths.filter(path -> path.toString().endsWith(".json")).sorted().forEach(path -> {
                var json = read(path);
                var kind = json.path("kind").asString("");
                if (known.contains(kind) && (kinds.isEmpty() || kinds.contains(kind))) {
                    files.add(new GoldenFile(path, json));
                }
            });
            return files;
        } catch (IOException e) {
            throw new AerieException("cannot look for golden cases in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode read(Path path) {
        try {
            return MAPPER.readTree(Files.readAllBytes(path));
        } catch (IOException | JacksonException e) {
            throw new AerieException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /// Runs one file; an error becomes a failed outcome.
    public static List<Outcome> run(GoldenFile file) {
        var name = file.json().get("kind").asString();
        try {
            return Objects.requireNonNull(kinds().get(name)).run(file);
        } catch (RuntimeException e) {
            return List.of(Outcome.error(name, file.path().toString(), e));
        }
    }

    /// Runs all, telling each outcome as it comes.
    public static List<Outcome> run(List<GoldenFile> files, Consumer<Outcome> heard) {
        var outcomes = new ArrayList<Outcome>();
        for (var file : files) {
            for (var outcome : run(file)) {
                heard.accept(outcome);
                outcomes.add(outcome);
            }
        }
        return outcomes;
    }
}
