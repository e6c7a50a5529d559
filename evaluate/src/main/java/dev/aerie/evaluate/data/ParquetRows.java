package dev.aerie.evaluate.data;

import dev.aerie.AerieException;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqStruct;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.SchemaNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Chosen columns of Parquet files that belong together: values as JSON, pictures (Hugging Face's
/// struct of `bytes`, bytes alone, or the first of a list) as bytes. Read forward; going back
/// begins a file anew.
final class ParquetRows implements AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    /// @param pictures bytes by column
    record Row(ObjectNode values, Map<String, byte[]> pictures) {}

    /// A file; its rows are `begin` and following.
    private record Shard(Path path, ParquetFileReader reader, long begin, long rows, List<String> columns) {}

    private final List<Shard> shards;
    private final List<String> pictures;

    private @Nullable RowReader open;
    private long next = -1;

    private ParquetRows(List<Shard> shards, List<String> pictures) {
        this.shards = List.copyOf(shards);
        this.pictures = List.copyOf(pictures);
    }

    /// @param columns  that every file must have
    /// @param optional that are read where they are
    /// @param pictures columns with pictures: at least one of them every file must have
    static ParquetRows open(List<Path> files, List<String> columns, List<String> optional, List<String> pictures) {
        var shards = new ArrayList<Shard>();
        try {
            long begin = 0;
            for (var file : files) {
                var shard = shard(file, begin, columns, optional, pictures);
                shards.add(shard);
                begin += shard.rows;
            }
            return new ParquetRows(shards, pictures);
        } catch (RuntimeException e) {
            close(shards);
            throw e;
        }
    }

    private static Shard shard(
            Path file, long begin, List<String> columns, List<String> optional, List<String> pictures) {
        try {
            var reader = ParquetFileReader.open(InputFile.of(file));
            try {
                var present = names(reader.getFileSchema().getRootNode());
                var missing =
                        columns.stream().filter(each -> !present.contains(each)).toList();
                boolean blind = !pictures.isEmpty() && pictures.stream().noneMatch(present::contains);
                if (!missing.isEmpty() || blind) {
                    throw new AerieException("cannot read " + file + ": expected "
                            + (missing.isEmpty()
                                    ? "a picture in the column " + String.join(" or ", pictures)
                                    : "the column" + (missing.size() > 1 ? "s " : " ") + String.join(", ", missing))
                            + ", found " + String.join(", ", present) + "; is this the right data set?");
                }
                var chosen = Stream.of(columns, optional, pictures)
                        .flatMap(List::stream)
                        .filter(present::contains)
                        .toList();
                return new Shard(file, reader, begin, reader.getFileMetaData().numRows(), chosen);
            } catch (RuntimeException e) {
                reader.close();
                throw e;
            }
        } catch (AerieException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new AerieException(
                    "cannot read " + file + ": it is no whole Parquet file (" + e.getMessage() + "); fetch it again",
                    e);
        }
    }

    private static NavigableSet<String> names(SchemaNode.GroupNode node) {
        var names = new TreeSet<String>();
        node.children().forEach(child -> names.add(child.name()));
        return names;
    }

    long size() {
        return shards.isEmpty() ? 0 : shards.getLast().begin + shards.getLast().rows;
    }

    /// Where a row comes from, for errors.
    String where(long row) {
        var shard = shard(row);
        return "row " + (row - shard.begin) + " of " + shard.path;
    }

    private Shard shard(long row) {
        for (var shard : shards) {
            if (row >= shard.begin && row < shard.begin + shard.rows) {
                return shard;
            }
        }
        throw new IndexOutOfBoundsException("row " + row + " of " + size());
    }

    Row read(long row) {
        var shard = shard(row);
        try {
            if (row != next || open == null || row == shard.begin) {
                closeReader();
                open = shard.reader
                        .buildRowReader()
                        .projection(ColumnProjection.columns(shard.columns.toArray(String[]::new)))
                        .skip(row - shard.begin)
                        .build();
            }
            next = row + 1;
            open.next();
            return row(open, shard);
        } catch (RuntimeException e) {
            closeReader();
            throw new AerieException(
                    where(row) + " cannot be read (" + e.getMessage() + "): the file is damaged, fetch it again", e);
        }
    }

    private Row row(RowReader reader, Shard shard) {
        var values = MAPPER.createObjectNode();
        var bytes = new HashMap<String, byte[]>();
        for (var column : shard.columns) {
            var value = reader.isNull(column) ? null : reader.getValue(column);
            if (pictures.contains(column)) {
                picture(value).ifPresent(found -> bytes.put(column, found));
            } else {
                values.set(column, json(value));
            }
        }
        return new Row(values, bytes);
    }

    private static Optional<byte[]> picture(@Nullable Object value) {
        return switch (value) {
            case byte[] bytes -> Optional.of(bytes);
            case PqStruct struct when !struct.isNull("bytes") -> Optional.of(struct.getBinary("bytes"));
            case PqList list when !list.isEmpty() -> picture(list.get(0));
            case null, default -> Optional.empty();
        };
    }

    private static JsonNode json(@Nullable Object value) {
        return switch (value) {
            case null -> MAPPER.getNodeFactory().nullNode();
            case PqList list -> {
                var array = MAPPER.createArrayNode();
                list.values().forEach(each -> array.add(json(each)));
                yield array;
            }
            case PqStruct struct -> {
                var object = MAPPER.createObjectNode();
                for (int i = 0; i < struct.getFieldCount(); i++) {
                    var name = struct.getFieldName(i);
                    object.set(name, json(struct.isNull(name) ? null : struct.getValue(name)));
                }
                yield object;
            }
            case byte[] bytes -> MAPPER.getNodeFactory().stringNode(new String(bytes, StandardCharsets.UTF_8));
            default -> MAPPER.valueToTree(value);
        };
    }

    private void closeReader() {
        if (open != null) {
            open.close();
            open = null;
        }
        next = -1;
    }

    @Override
    public void close() {
        closeReader();
        close(shards);
    }

    private static void close(List<Shard> shards) {
        for (var shard : shards) {
            try {
                shard.reader.close();
            } catch (IOException e) {
                // It was only read.
            }
        }
    }
}
