package dev.aerie.evaluate.data;

import dev.aerie.AerieException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Pictures in Parquet files of their own, each row with its name.
final class TablePictures implements PictureFinder {

    private static final String COLUMN = "image";

    private final ParquetRows rows;
    private final Map<String, Long> places;
    private final String where;

    private TablePictures(ParquetRows rows, Map<String, Long> places, String where) {
        this.rows = rows;
        this.places = places;
        this.where = where;
    }

    /// @param key the column with the name
    static TablePictures open(List<Path> files, String key) {
        var places = new HashMap<String, Long>();
        try (var names = ParquetRows.open(files, List.of(key), List.of(), List.of())) {
            for (long row = 0; row < names.size(); row++) {
                places.put(names.read(row).values().path(key).asString(""), row);
            }
        }
        return new TablePictures(
                ParquetRows.open(files, List.of(key), List.of(), List.of(COLUMN)),
                places,
                String.valueOf(files.getFirst().getParent()));
    }

    @Override
    public EncodedPicture find(String name) {
        return new EncodedPicture() {

            @Override
            public String key() {
                return name;
            }

            @Override
            public String name() {
                return name + " in " + where;
            }

            @Override
            public byte[] read() {
                var row = places.get(name);
                var bytes = row == null ? null : rows.read(row).pictures().get(COLUMN);
                if (bytes == null) {
                    throw new AerieException("there is no picture " + name());
                }
                return bytes;
            }
        };
    }

    @Override
    public void close() {
        rows.close();
    }
}
