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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Records in Parquet files: columns `conversations` (a list of `from` and `value`) or `question` and
/// `answer`, `id` if there is one, and `image`: a text that names a picture in a folder, or the picture
/// itself, as bytes or as Hugging Face's struct of `bytes` and `path`, whose path counts where there
/// are no bytes. The name of a picture that is no text is its row.
///
/// A row group is decoded from its beginning, so rows come in blocks that are kept a while. Shuffled training wants
/// small row groups (some hundred rows).
public final class ParquetRecords implements Records, PictureStore {

    private static final int TEXTS = 256;
    private static final int PICTURES = 16;

    /// As many as workers that may read at different places.
    private static final int BLOCKS = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());

    private final List<Shard> shards;
    private final Blocks<Shard, Supplier<Record>> texts = new Blocks<>(TEXTS, BLOCKS, Shard::texts);
    private final Blocks<Shard, Supplier<ParquetImage.Held>> pictures = new Blocks<>(PICTURES, BLOCKS, Shard::pictures);

    private ParquetRecords(List<Shard> shards) {
        this.shards = List.copyOf(shards);
    }

    /// One file; its rows are `begin` and following.
    private record Shard(Path path, ParquetFileReader reader, long begin, long rows, Columns columns) {

        static Shard of(Path path, ParquetFileReader reader, long begin) {
            return new Shard(
                    path, reader, begin, reader.getFileMetaData().numRows(), Columns.of(path, reader.getFileSchema()));
        }

        List<Supplier<Record>> texts(long first) {
            return new Rows(path, reader)
                    .read(columns.text(), first, TEXTS, (row, number) -> record(row, columns, begin + number));
        }

        List<Supplier<ParquetImage.Held>> pictures(long first) {
            return new Rows(path, reader)
                    .read(columns.image.projection(), first, PICTURES, (row, _) -> columns.image.held(row));
        }
    }

    /// Makes something of a row.
    private interface Reading<T> {
        T of(RowReader row, long number);
    }

    /// The rows of a file. One that cannot be understood is an error when it is asked for, which its neighbours do not
    /// suffer from.
    private record Rows(Path path, ParquetFileReader reader) {

        <T> List<Supplier<T>> read(ColumnProjection columns, long first, int most, Reading<T> reading) {
            var block = new ArrayList<Supplier<T>>(most);
            try (var rows = reader.buildRowReader()
                    .projection(columns)
                    .skip(first)
                    .head(most)
                    .build()) {
                while (rows.hasNext()) {
                    rows.next();
                    block.add(one(rows, first + block.size(), reading));
                }
                return block;
            } catch (RuntimeException e) {
                throw unreadable(first + block.size(), e);
            }
        }

        private <T> Supplier<T> one(RowReader row, long number, Reading<T> reading) {
            try {
                var made = reading.of(row, number);
                return () -> made;
            } catch (RuntimeException e) {
                return () -> {
                    throw unreadable(number, e);
                };
            }
        }

        private RecordException unreadable(long row, RuntimeException e) {
            return new RecordException(
                    Flaw.UNREADABLE, "row " + row + " of " + path + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /// Which of the columns that we know a file has.
    private record Columns(boolean id, boolean conversations, ParquetImage image) {

        static Columns of(Path path, FileSchema schema) {
            var names = names(schema.getRootNode());
            var turns = names.contains("conversations");
            if (!turns && !names.containsAll(Set.of("question", "answer"))) {
                throw new AerieException("cannot read records from " + path
                        + ": expected the columns conversations or question and answer, found "
                        + String.join(", ", names));
            }
            return new Columns(names.contains("id"), turns, ParquetImage.of(path, schema));
        }

        private static Set<String> names(SchemaNode.GroupNode node) {
            return node.children().stream().map(SchemaNode::name).collect(Collectors.toCollection(TreeSet::new));
        }

        /// The columns of a record without its picture.
        ColumnProjection text() {
            var names = new ArrayList<String>(conversations ? List.of("conversations") : List.of("question", "answer"));
            if (id) {
                names.add("id");
            }
            image.present().ifPresent(names::add);
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
                return Shard.of(file, reader, begin);
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
    public Record get(long index) {
        var shard = shard(index);
        return texts.get(shard, index - shard.begin).get();
    }

    private static Record record(RowReader row, Columns columns, long number) {
        return new Record(
                id(row, columns, number),
                columns.image.name(row, number),
                columns.conversations ? conversation(row) : exchange(row));
    }

    private static String id(RowReader row, Columns columns, long number) {
        if (!columns.id) {
            return "#" + number;
        }
        return row.isNull("id") ? "" : String.valueOf(row.getValue("id"));
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

    @Override
    public boolean namesPicture(long index) {
        return shard(index).columns.image.kind() == ParquetImage.Kind.NAME;
    }

    /// The picture of a row.
    @Override
    public byte[] read(String name) {
        return read(name, ParquetRecords::nowhere, "");
    }

    private static byte[] nowhere(String name) {
        throw new RecordException(
                Flaw.PICTURE_MISSING,
                "there is no picture " + name
                        + " in the file, and no folder to look for it (data.folder, or 'pictures' in a manifest)");
    }

    /// These pictures, and those elsewhere that rows name instead of holding them. Closing them closes
    /// those elsewhere.
    @Override
    public PictureStore pictures(Optional<PictureStore> elsewhere, String prefix) {
        return elsewhere.isEmpty() ? this : new Beside(elsewhere.get(), prefix);
    }

    private final class Beside implements PictureStore {

        private final PictureStore elsewhere;
        private final String prefix;

        Beside(PictureStore elsewhere, String prefix) {
            this.elsewhere = elsewhere;
            this.prefix = prefix;
        }

        @Override
        public byte[] read(String name) {
            return ParquetRecords.this.read(name, elsewhere, prefix);
        }

        @Override
        public void close() {
            elsewhere.close();
        }
    }

    /// @param elsewhere finds what no row holds
    private byte[] read(String name, PictureStore elsewhere, String prefix) {
        long index = name.matches("\\d{1,18}") ? Long.parseLong(name) : -1;
        if (index < 0 || index >= size() || namesPicture(index)) {
            return elsewhere.read(name);
        }
        var shard = shard(index);
        var held = shard.columns.image.kind() == ParquetImage.Kind.NONE
                ? ParquetImage.Held.NOTHING
                : pictures.get(shard, index - shard.begin).get();
        return held.bytes()
                .or(() -> held.path().map(path -> elsewhere.read(prefix + path)))
                .orElseThrow(() -> new RecordException(
                        Flaw.PICTURE_MISSING,
                        "row " + (index - shard.begin) + " of " + shard.path + " has no bytes of a picture, and no"
                                + " name of one"));
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
