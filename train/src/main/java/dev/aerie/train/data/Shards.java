package dev.aerie.train.data;

import dev.aerie.AerieException;
import dev.aerie.files.Glob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/// Files that belong together, in the order of their names.
final class Shards {

    private Shards() {}

    /// The files that a path stands for: itself; with `*` or `?` in its name all that match; and for the first part
    /// of a split file all its parts.
    static List<List<Path>> of(Path path) {
        var name = String.valueOf(path.getFileName());
        if (name.contains(".tar.part")) {
            var stem = name.substring(0, name.indexOf(".tar.part") + ".tar.part".length());
            return List.of(listed(path, other -> other.startsWith(stem)));
        }
        if (name.matches(".*[*?].*")) {
            return listed(path, new Glob(name)::matches).stream().map(List::of).toList();
        }
        return List.of(List.of(path));
    }

    private static List<Path> listed(Path path, Predicate<String> names) {
        var folder = Objects.requireNonNull(path.toAbsolutePath().getParent());
        try (var files = Files.list(folder)) {
            var found = files.filter(file -> names.test(String.valueOf(file.getFileName())))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new AerieException("cannot open " + path + ": no file of " + folder + " matches; check the path");
            }
            return found;
        } catch (IOException e) {
            throw new AerieException("cannot open " + path + ": its folder cannot be listed (" + e + ")", e);
        }
    }
}
