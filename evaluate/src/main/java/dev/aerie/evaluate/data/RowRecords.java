package dev.aerie.evaluate.data;

import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Fields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/// Records in Parquet files with their pictures in the same rows, in the files' order.
final class RowRecords implements Records {

    private final ParquetRows rows;

    /// The rows that belong to the benchmark.
    private final long[] wanted;

    private RowRecords(ParquetRows rows, long[] wanted) {
        this.rows = rows;
        this.wanted = wanted;
    }

    static RowRecords open(Benchmark benchmark, List<Path> files) {
        var card = benchmark.card();
        var wanted = wanted(benchmark, files);
        return new RowRecords(ParquetRows.open(files, card.columns(), card.optional(), card.pictures()), wanted);
    }

    /// Reads everything but the pictures once.
    private static long[] wanted(Benchmark benchmark, List<Path> files) {
        var card = benchmark.card();
        ParquetRows.open(files, List.of(), List.of(), card.pictures()).close(); // only to check that they are there
        try (var texts = ParquetRows.open(files, card.columns(), card.optional(), List.of())) {
            var found = new long[Math.toIntExact(texts.size())];
            int count = 0;
            for (long row = 0; row < texts.size(); row++) {
                if (benchmark.wants(new Fields(texts.where(row), texts.read(row).values()))) {
                    found[count++] = row;
                }
            }
            return Arrays.copyOf(found, count);
        }
    }

    @Override
    public long size() {
        return wanted.length;
    }

    @Override
    public List<Entry> read(long first, int count) {
        var entries = new ArrayList<Entry>(count);
        for (int i = Math.toIntExact(first); i < Math.min(first + count, wanted.length); i++) {
            long row = wanted[i];
            var where = rows.where(row);
            var read = rows.read(row);
            var pictures = new HashMap<String, EncodedPicture>();
            read.pictures().forEach((column, bytes) -> pictures.put(column, new Kept(where, bytes)));
            entries.add(new Entry(i, new Fields(where, read.values()), pictures));
        }
        return entries;
    }

    @Override
    public void close() {
        rows.close();
    }

    /// A picture that is in memory.
    @SuppressWarnings("ArrayRecordComponent") // only a carrier; never compared
    private record Kept(String where, byte[] bytes) implements EncodedPicture {

        @Override
        public String key() {
            return Digest.of(bytes);
        }

        @Override
        public String name() {
            return "of " + where;
        }

        @Override
        public byte[] read() {
            return bytes;
        }
    }
}
