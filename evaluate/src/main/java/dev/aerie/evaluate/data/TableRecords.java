package dev.aerie.evaluate.data;

import dev.aerie.AerieException;
import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Fields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Records in memory whose pictures are elsewhere, by name. Sorted by picture, so that each is read once.
final class TableRecords implements Records {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    /// As JSON, which takes a fraction of the room of its tree.
    @SuppressWarnings("ArrayRecordComponent") // only a carrier; never compared
    private record Row(int number, String picture, byte[] json) {}

    private final List<Row> rows;
    private final String column;
    private final PictureFinder pictures;

    private TableRecords(List<Row> rows, String column, PictureFinder pictures) {
        this.rows = rows;
        this.column = column;
        this.pictures = pictures;
    }

    /// Collects records.
    static final class Builder {

        private final List<Row> rows = new ArrayList<>();
        private final Benchmark benchmark;
        private final String place;
        private final String name;

        /// @param place of the records, for errors
        /// @param name  the column that names the picture
        Builder(Benchmark benchmark, String place, String name) {
            this.benchmark = benchmark;
            this.place = place;
            this.name = name;
        }

        void add(ObjectNode json) {
            int number = rows.size();
            var fields = new Fields("record " + number + " of " + place, json);
            if (number == 0) {
                check(json);
            }
            if (benchmark.wants(fields)) {
                var picture = fields.optional(name).orElse("");
                rows.add(new Row(number, picture, MAPPER.writeValueAsBytes(json)));
            }
        }

        private void check(ObjectNode json) {
            var missing = benchmark.card().columns().stream()
                    .filter(column -> json.path(column).isMissingNode())
                    .toList();
            if (!missing.isEmpty()) {
                throw new AerieException("cannot read " + place + ": expected the fields " + String.join(", ", missing)
                        + ", found " + String.join(", ", json.propertyNames()) + "; is this the right data set?");
            }
        }

        /// @param column that the pictures shall have
        TableRecords build(String column, PictureFinder pictures) {
            rows.sort(Comparator.comparing(Row::picture)); // stable: a picture's questions keep their order
            return new TableRecords(List.copyOf(rows), column, pictures);
        }
    }

    @Override
    public long size() {
        return rows.size();
    }

    @Override
    public List<Entry> read(long first, int count) {
        int from = Math.toIntExact(first);
        return rows.subList(from, Math.min(rows.size(), from + count)).stream()
                .map(this::entry)
                .toList();
    }

    private Entry entry(Row row) {
        var json = (ObjectNode) MAPPER.readTree(row.json);
        var fields = new Fields("record " + row.number, json);
        return row.picture.isEmpty()
                ? new Entry(row.number, fields, Map.of())
                : new Entry(row.number, fields, Map.of(column, pictures.find(row.picture)));
    }

    @Override
    public void close() {
        pictures.close();
    }
}
