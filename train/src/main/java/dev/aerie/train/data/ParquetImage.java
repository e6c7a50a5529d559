package dev.aerie.train.data;

import dev.aerie.AerieException;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.reader.RowReader;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.FileSchema;
import dev.hardwood.schema.SchemaNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How the column `image` of a Parquet file gives pictures.
///
/// @param columns that hold what there is of them; none where there is no such column
record ParquetImage(Kind kind, List<String> columns) {

    enum Kind {
        /// There are no pictures.
        NONE,
        /// The bytes of a picture's file.
        BYTES,
        /// A text: the name of a picture in a folder.
        NAME,
        /// Hugging Face's struct of `bytes` and `path`, which names a picture where there are no bytes.
        STRUCT
    }

    private static final String IMAGE = "image";
    private static final String BYTES_FIELD = "bytes";
    private static final String PATH_FIELD = "path";

    /// What a row has of its picture.
    ///
    /// @param path its name where it is not the row itself that has it
    record Held(Optional<byte[]> bytes, Optional<String> path) {

        static final Held NOTHING = new Held(Optional.empty(), Optional.empty());
    }

    ParquetImage {
        columns = List.copyOf(columns);
    }

    /// @param file that errors name
    /// @throws AerieException if the column is of a kind that holds no picture
    static ParquetImage of(Path file, FileSchema schema) {
        var image = schema.getRootNode().children().stream()
                .filter(node -> node.name().equals(IMAGE))
                .findFirst();
        if (image.isEmpty()) {
            return new ParquetImage(Kind.NONE, List.of());
        }
        return switch (image.get()) {
            case SchemaNode.PrimitiveNode text
            when text.logicalType() instanceof LogicalType.StringType -> new ParquetImage(Kind.NAME, List.of(IMAGE));
            case SchemaNode.GroupNode struct -> struct(file, struct);
            default -> new ParquetImage(Kind.BYTES, List.of(IMAGE));
        };
    }

    private static ParquetImage struct(Path file, SchemaNode.GroupNode struct) {
        var fields = struct.children().stream().map(SchemaNode::name).toList();
        var columns = new ArrayList<String>();
        for (var field : List.of(PATH_FIELD, BYTES_FIELD)) {
            if (fields.contains(field)) {
                columns.add(IMAGE + "." + field);
            }
        }
        if (columns.isEmpty()) {
            throw new AerieException("cannot read records from " + file
                    + ": expected bytes or path in the column image, found " + String.join(", ", fields));
        }
        return new ParquetImage(Kind.STRUCT, columns);
    }

    /// The column that tells whether a row has a picture, at the least cost.
    Optional<String> present() {
        return columns.stream().findFirst();
    }

    /// All that is read for a picture.
    ColumnProjection projection() {
        return ColumnProjection.columns(columns.toArray(String[]::new));
    }

    /// The name of a row's picture: what the row says, or its number.
    ///
    /// @param row that was read with [#present]
    Optional<String> name(RowReader row, long number) {
        if (kind == Kind.NONE || row.isNull(IMAGE)) {
            return Optional.empty();
        }
        return kind == Kind.NAME
                ? Optional.of(row.getString(IMAGE)).filter(name -> !name.isBlank())
                : Optional.of(Long.toString(number));
    }

    /// What a row has of its picture.
    ///
    /// @param row that was read with [#projection]
    Held held(RowReader row) {
        if (row.isNull(IMAGE)) {
            return Held.NOTHING;
        }
        return switch (kind) {
            case BYTES -> new Held(Optional.of(row.getBinary(IMAGE)), Optional.empty());
            case NONE, NAME -> Held.NOTHING;
            case STRUCT -> {
                var image = row.getStruct(IMAGE);
                boolean bytes = has(BYTES_FIELD) && !image.isNull(BYTES_FIELD);
                boolean path = has(PATH_FIELD) && !image.isNull(PATH_FIELD);
                yield new Held(
                        bytes ? Optional.of(image.getBinary(BYTES_FIELD)) : Optional.empty(),
                        path
                                ? Optional.of(image.getString(PATH_FIELD)).filter(name -> !name.isBlank())
                                : Optional.empty());
            }
        };
    }

    private boolean has(String field) {
        return columns.contains(IMAGE + "." + field);
    }
}
