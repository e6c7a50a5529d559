package dev.aerie.evaluate.data;

import dev.aerie.AerieException;
import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.OfficialFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Finds a benchmark's data below a folder: in a folder of the benchmark's name or its repository's, else there itself.
public final class DataFolder {

    private static final int DEPTH = 6;

    private DataFolder() {}

    /// Opens a benchmark's records.
    ///
    /// @throws AerieException if they are not there, damaged, or of another data set
    public static Records open(Benchmark benchmark, Path data) {
        var root = root(benchmark, data);
        var table = benchmark.pictureTable();
        var card = benchmark.card();
        var files = parquet(root, card.config(), card.split());
        if (!files.isEmpty() && table.isEmpty()) {
            return RowRecords.open(benchmark, files);
        }
        if (!files.isEmpty()) {
            return tables(benchmark, root, files);
        }
        var folder = new OfficialFolder(root);
        var records = new TableRecords.Builder(benchmark, root.toString(), "image");
        if (benchmark.official(folder, records::add)) {
            return records.build(card.pictures().getFirst(), new FolderPictures(root));
        }
        throw new AerieException("found no data of " + card.title() + " in " + root + ": expected " + card.expected()
                + "; 'aerie eval data " + card.name() + "' says where they come from");
    }

    private static Records tables(Benchmark benchmark, Path root, List<Path> files) {
        var card = benchmark.card();
        var table = benchmark.pictureTable().orElseThrow();
        var pictures = parquet(root, table.config(), card.split()).stream()
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

    /// The Parquet files of a split, sorted; of a part's folder where there is one.
    private static List<Path> parquet(Path root, String config, String split) {
        try (var paths = Files.walk(root, DEPTH)) {
            var files = paths.filter(path -> String.valueOf(path.getFileName()).matches(split + "(-.*)?\\.parquet"))
                    .sorted()
                    .toList();
            var ofPart = files.stream()
                    .filter(file -> StreamSupport.stream(root.relativize(file).spliterator(), false)
                            .anyMatch(part -> part.toString().equals(config)))
                    .toList();
            return config.isEmpty() || ofPart.isEmpty() ? files : ofPart;
        } catch (IOException e) {
            throw new AerieException("cannot list the files of " + root + " (" + e + ")", e);
        }
    }
}
