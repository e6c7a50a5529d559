package dev.aerie.train.data;

import dev.aerie.AerieException;
import dev.aerie.text.Message;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqStruct;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.FileSchema;
import dev.hardwood.schema.SchemaNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Records in Parquet files, with their pictures in the same rows: columns `conversations` (a list of `from` and
/// `value`) or `question` and `answer`, `id` if there is one, and `image`, bytes or Hugging Face's struct of `bytes`
/// and `path`. The name of a record's picture is its row.
public final class ParquetRecords implements Records, PictureStore {

    /// Neighbouring rows are decoded together: their text shares a page.
    private static final int BLOCK = 256;

    private static final int BLOCKS = 8;

    private final List<Shard> shards;
    private final Map<Long, List<Record>> blocks = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, List<Record>> eldest) {
            return size() > BLOCKS;
        }
    };

    private ParquetRecords(List<Shard> shards) {
        this.shards = List.copyOf(shards);
    }

    /// One file; its rows are `begin` and following.
    private record Shard(Path path, ParquetFileReader reader, long begin, long rows, Columns columns) {}

    /// Which of the columns that we know a file has.
    private record Columns(boolean id, boolean conversations, boolean image, boolean struct) {

        static Columns of(Path path, FileSchema schema) {
            var names = new HashSet<String>();
            schema.getRootNode().children().forEach(node -> names.add(node.name()));
            var turns = names.contains("conversations");
            if (!turns && !names.containsAll(Set.of("question", "answer"))) {
                throw new AerieException("cannot read records from " + path
                        + ": expected the columns conversations or question and answer, found "
                        + String.join(", ", names.stream().sorted().toList()));
            }
            var image = names.contains("image");
            var struct = image && schema.getField("image") instanceof SchemaNode.GroupNode;
            return new Columns(names.contains("id"), turns, image, struct);
        }

        /// The columns of a record without the bytes of its picture; the path tells whether there is one.
        ColumnProjection text() {
            var names = new ArrayList<String>(conversations ? List.of("conversations") : List.of("question", "answer"));
            if (id) {
                names.add("id");
            }
            if (image) {
                names.add(struct ? "image.path" : "image");
            }
            return ColumnProjection.columns(names.toArray(String[]::new));
        }
    }

    /// Opens a file, or all files that a name with `*` or `?` stands for.
    public static ParquetRecords open(Path path) {
        var shards = new ArrayList<Shard>();
        try {
            for (var files : Shards.of(path)) {
                var file = files.getFirst();
                var begin = shards.isEmpty() ? 0 : shards.getLast().begin + shards.getLast().rows;
                shards.add(shard(file, begin));
            }
            return new ParquetRecords(shards);
        } catch (RuntimeException e) {
            close(shards);
            throw e;
        }
    }

    private static Shard shard(Path file, long begin) {
        if (!Files.isRegularFile(file)) {
            throw new AerieException("cannot read records from " + file + ": there is no such file; check the path");
        }
        try {
            var reader = ParquetFileReader.open(InputFile.of(file));
            try {
                var columns = Columns.of(file, reader.getFileSchema());
                return new Shard(file, reader, begin, reader.getFileMetaData().numRows(), columns);
            } catch (RuntimeException e) {
                reader.close();
                throw e;
            }
        } catch (AerieException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new AerieException(
                    "cannot read records from " + file + ": it is no whole Parquet file (" + e.getMessage()
                            + "); fetch it again",
                    e);
        }
    }

    @Override
    public long size() {
        return shards.getLast().begin + shards.getLast().rows;
    }

    @Override
    public synchronized Record get(long index) {
        var shard = shard(index);
        var row = index - shard.begin;
        var first = index - row % BLOCK;
        var block = blocks.get(first);
        if (block == null) {
            block = read(shard, row - row % BLOCK);
            blocks.put(first, block);
        }
        return block.get((int) (row % BLOCK));
    }

    private static List<Record> read(Shard shard, long row) {
        var block = new ArrayList<Record>(BLOCK);
        try (var rows = shard.reader
                .buildRowReader()
                .projection(shard.columns.text())
                .skip(row)
                .head(BLOCK)
                .build()) {
            while (rows.hasNext()) {
                rows.next();
                var number = shard.begin + row + block.size();
                block.add(record(rows, shard.columns, number));
            }
            return block;
        } catch (RuntimeException e) {
            throw damaged(shard, row, e);
        }
    }

    private static Record record(RowReader row, Columns columns, long number) {
        var hasImage = columns.image && !row.isNull("image");
        return new Record(
                columns.id ? String.valueOf(row.getValue("id")) : "#" + number,
                hasImage ? Optional.of(Long.toString(number)) : Optional.empty(),
                columns.conversations ? conversation(row) : exchange(row));
    }

    private static List<Message> conversation(RowReader row) {
        if (row.isNull("conversations")) {
            return List.of();
        }
        return row.getList("conversations").structs().stream()
                .map(turn -> new Message(text(turn, "from"), text(turn, "value")))
                .toList();
    }

    private static String text(PqStruct turn, String field) {
        return turn.isNull(field) ? "" : turn.getString(field);
    }

    private static List<Message> exchange(RowReader row) {
        var question = row.isNull("question") ? "" : row.getString("question");
        var answer = row.isNull("answer") ? "" : row.getString("answer");
        return List.of(new Message(Conversation.HUMAN, question), new Message(Conversation.GPT, answer));
    }

    /// The picture of a row.
    @Override
    public byte[] read(String name) {
        var index = name.matches("\\d{1,18}") ? Long.parseLong(name) : -1;
        if (index < 0 || index >= size()) {
            throw new RecordException(Flaw.PICTURE_MISSING, "there is no row " + name + " with a picture");
        }
        var shard = shard(index);
        byte[] bytes;
        synchronized (this) {
            bytes = bytes(shard, index - shard.begin);
        }
        if (bytes.length > MOST_BYTES) {
            throw PictureStore.tooLarge("of row " + name, bytes.length);
        }
        return bytes;
    }

    private static byte[] bytes(Shard shard, long row) {
        var struct = shard.columns.struct;
        try (var rows = shard.reader
                .buildRowReader()
                .projection(ColumnProjection.columns(struct ? "image.bytes" : "image"))
                .skip(row)
                .head(1)
                .build()) {
            rows.next();
            if (rows.isNull("image") || struct && rows.getStruct("image").isNull("bytes")) {
                throw new RecordException(
                        Flaw.PICTURE_MISSING, "row " + row + " of " + shard.path + " has no bytes of a picture");
            }
            return struct ? rows.getStruct("image").getBinary("bytes") : rows.getBinary("image");
        } catch (RecordException e) {
            throw e;
        } catch (RuntimeException e) {
            throw damaged(shard, row, e);
        }
    }

    private static RecordException damaged(Shard shard, long row, RuntimeException e) {
        return new RecordException(
                Flaw.UNREADABLE, "row " + row + " of " + shard.path + " cannot be read (" + e.getMessage() + ")", e);
    }

    private Shard shard(long index) {
        for (var shard : shards) {
            if (index >= shard.begin && index < shard.begin + shard.rows) {
                return shard;
            }
        }
        throw new IndexOutOfBoundsException("record " + index + " of " + size());
    }

    @Override
    public void close() {
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
