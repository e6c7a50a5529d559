package dev.aerie.evaluate.data;

import dev.aerie.AerieException;
import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.OfficialFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Finds a benchmark's data below a folder: in a folder of the benchmark's name or its repository's, else there itself.
public final class DataFolder {

    private static final int DEPTH = 6;
    private static final Pattern SHARD = Pattern.compile("-of-(\\d{1,6})");

    private DataFolder() {}

    /// Opens a benchmark's records.
    ///
    /// @throws AerieException if they are not there, damaged, or of another data set
    public static Records open(Benchmark benchmark, Path data) {
        var root = root(benchmark, data);
        var table = benchmark.pictureTable();
        var card = benchmark.card();
        boolean whole = !root.equals(data);
        var files = parquet(root, card.config(), card.split(), whole);
        if (!files.isEmpty() && table.isEmpty()) {
            return RowRecords.open(benchmark, files);
        }
        if (!files.isEmpty()) {
            return tables(benchmark, root, files, whole);
        }
        var folder = new OfficialFolder(root);
        var records = new TableRecords.Builder(benchmark, root.toString(), "image");
        if (benchmark.official(folder, records::add)) {
            return records.build(card.pictures().getFirst(), new FolderPictures(root));
        }
        throw new AerieException("found no data of " + card.title() + " in " + root + ": expected " + card.expected()
                + "; 'aerie eval data " + card.name() + "' says where they come from");
    }

    private static Records tables(Benchmark benchmark, Path root, List<Path> files, boolean whole) {
        var card = benchmark.card();
        var table = benchmark.pictureTable().orElseThrow();
        var pictures = parquet(root, table.config(), card.split(), whole).stream()
                .filter(file -> !files.contains(file))
                .toList();
        if (pictures.isEmpty()) {
            throw new AerieException("found no pictures of " + card.title() + " in " + root + ": expected the folder "
                    + table.config() + " of " + card.hub() + " beside " + card.config());
        }
        var records = new TableRecords.Builder(benchmark, String.valueOf(files.getFirst()), table.name());
        try (var rows = ParquetRows.open(files, card.columns(), card.optional(), List.of())) {
            for (long row = 0; row < rows.size(); row++) {
                records.add(rows.read(row).values());
            }
        }
        return records.build(card.pictures().getFirst(), TablePictures.open(pictures, table.key()));
    }

    private static Path root(Benchmark benchmark, Path data) {
        var card = benchmark.card();
        if (!Files.isDirectory(data)) {
            throw new AerieException("cannot read data from " + data + ": there is no such folder");
        }
        var repository = card.hub().substring(card.hub().indexOf('/') + 1);
        return Stream.of(card.name(), card.name().replace("-no-ocr", ""), repository)
                .map(data::resolve)
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(data);
    }

    /// The Parquet files of a split, sorted: those in a part's folder where there are any, else those at the top. In a
    /// folder that holds other benchmarks' data too, nothing of these is taken.
    ///
    /// @param whole whether all of the folder is the benchmark's
    private static List<Path> parquet(Path root, String config, String split, boolean whole) {
        try (var paths = Files.walk(root, DEPTH)) {
            var files = paths.filter(path -> String.valueOf(path.getFileName()).matches(split + "(-.*)?\\.parquet"))
                    .sorted()
                    .toList();
            var ofPart = files.stream()
                    .filter(file -> whole
                            ? StreamSupport.stream(root.relativize(file).spliterator(), false)
                                    .anyMatch(part -> part.toString().equals(config))
                            : root.relativize(file).startsWith(config))
                    .toList();
            var atTop = files.stream()
                    .filter(file -> whole && config.isEmpty()
                            || root.equals(file.getParent())
                            || root.resolve("data").equals(file.getParent()))
                    .toList();
            return complete(config.isEmpty() || ofPart.isEmpty() ? atTop : ofPart);
        } catch (IOException | UncheckedIOException e) {
            throw new AerieException("cannot list the files of " + root + " (" + e + ")", e);
        }
    }

    /// Refuses a split of which files are missing: their names say how many there are.
    private static List<Path> complete(List<Path> files) {
        for (var file : files) {
            var shard = SHARD.matcher(String.valueOf(file.getFileName()));
            long there = files.stream()
                    .filter(each -> Objects.equals(each.getParent(), file.getParent()))
                    .count();
            int all = shard.find() ? Integer.parseInt(shard.group(1)) : 0;
            if (all > there) {
                throw new AerieException("cannot read " + file + ": of " + all + " files there are " + there + " in "
                        + file.getParent() + "; fetch the others");
            }
        }
        return files;
    }
}
