package dev.aerie.train.data;

import dev.aerie.AerieException;
import java.nio.file.Path;
import java.util.Optional;

/// Records by number. Only their places are kept in memory; a record is read when asked for. Safe for use by several
/// threads.
public interface Records extends AutoCloseable {

    /// The number of records, damaged ones included.
    long size();

    /// Reads a record.
    ///
    /// @throws RecordException if it is damaged; the message says where it stands
    Record get(long index);

    /// [Record#length] of a record; 1 for one that is damaged, since it will be skipped.
    default int length(long index) {
        try {
            return get(index).length();
        } catch (RecordException e) {
            return 1;
        }
    }

    /// Whether a record says what its picture is called; else the name is the number that it has among
    /// these records, which hold the picture themselves.
    default boolean namesPicture(long index) {
        return true;
    }

    /// Where the pictures of these records are read.
    ///
    /// @param elsewhere what the mixture names beside them
    /// @param prefix    of the names there
    default PictureStore pictures(Optional<PictureStore> elsewhere, String prefix) {
        return elsewhere.orElseGet(() -> this instanceof PictureStore store ? store : PictureStore.none());
    }

    @Override
    default void close() {}

    /// Opens a file of records by what its name ends with: `.json` or `.jsonl` (LLaVA's format), `.parquet`, or
    /// `.tar` (WebDataset's). A `*` or `?` in the name of the last two stands for several shards.
    static Records open(Path file) {
        var name = String.valueOf(file.getFileName());
        if (name.endsWith(".json") || name.endsWith(".jsonl")) {
            return JsonRecords.open(file);
        }
        if (name.endsWith(".parquet")) {
            return ParquetRecords.open(file);
        }
        if (TarArchives.isNameOfOne(name)) {
            return WebDataset.open(file);
        }
        throw new AerieException(
                "cannot read records from " + file + ": expected a name that ends in .json, .jsonl, .parquet or .tar");
    }
}
