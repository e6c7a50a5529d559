package dev.aerie.train.data;

import dev.aerie.AerieException;
import dev.aerie.eagle.Progress;
import dev.aerie.image.ReadOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

/// Looks at every record of a corpus as training would: parses it, writes it down by its template, opens and
/// decodes its picture. What training would skip is found here under the same name. Memory does not grow with
/// pictures or texts; a record costs 8 bytes.
public final class DataCheck {

    /// More findings are counted, but not listed.
    public static final int MOST_FINDINGS = 100_000;

    private static final int CHUNK = 64;

    private final Corpus corpus;
    private final List<SampleMaker> makers;
    private final DecodeBudget budget;
    private final Progress progress;
    private final AtomicLong next = new AtomicLong();
    private final long[] names;

    private DataCheck(Corpus corpus, Optional<SampleMaker> maker, Progress progress) {
        this.corpus = corpus;
        this.progress = progress;
        budget = maker.map(SampleMaker::budget).orElseGet(DecodeBudget::new);
        makers = maker.map(base -> corpus.sources().stream().map(base::of).toList())
                .orElse(List.of());
        names = new long[Math.toIntExact(corpus.size())];
    }

    /// Checks all records.
    ///
    /// @param maker without one, rows are not written down: nothing is too long or a misfit
    public static DataReport run(Corpus corpus, Optional<SampleMaker> maker, Progress progress) {
        return new DataCheck(corpus, maker, progress).run();
    }

    /// A row that was written down, without its picture.
    private record Measured(int positions, int cut) {}

    /// What one worker has seen.
    private final class Tally implements Callable<Tally> {

        private final Spread words = new Spread();
        private final Spread positions = new Spread();
        private final long[] flawed = new long[corpus.sources().size()];
        private final Map<Flaw, Long> flaws = new EnumMap<>(Flaw.class);
        private final List<DataReport.Finding> findings = new ArrayList<>();
        private long pictures;
        private long texts;
        private long cut;

        @Override
        public Tally call() {
            for (var from = next.getAndAdd(CHUNK); from < names.length; from = next.getAndAdd(CHUNK)) {
                progress.at("records", (int) from, names.length);
                for (var index = from; index < Math.min(from + CHUNK, names.length); index++) {
                    look(index);
                }
            }
            return this;
        }

        private void look(long index) {
            var source = corpus.sourceOf(index);
            var id = "#" + index;
            try {
                var record = corpus.get(index);
                if (record.image().isPresent()) {
                    pictures++;
                } else {
                    texts++;
                }
                if (record.id().isEmpty()) {
                    found(index, id, Flaw.MISSING_ID, "it has no id");
                } else {
                    id = record.id();
                    names[(int) index] = Names.hash(source + " " + id);
                }
                var written = write(record, source, corpus.pictures(index));
                words.add(Math.abs(record.length()));
                written.ifPresent(made -> {
                    positions.add(made.positions());
                    cut += made.cut() > 0 ? 1 : 0;
                });
            } catch (RecordException e) {
                flawed[source]++;
                found(index, id, e.flaw(), String.valueOf(e.getMessage()));
            }
        }

        private Optional<Measured> write(Record record, int source, PictureStore pictures) {
            if (!makers.isEmpty()) {
                var maker = makers.get(source);
                return Optional.of(maker.write(
                        record,
                        pictures,
                        made -> new Measured(made.positions(), made.row().cut())));
            }
            Conversation.check(record);
            record.image().ifPresent(name -> {
                var file = pictures.read(name);
                budget.during(file, () -> PictureStore.decode(file, name, ReadOptions.DEFAULT));
            });
            return Optional.empty();
        }

        private void found(long index, String id, Flaw flaw, String message) {
            flaws.merge(flaw, 1L, Long::sum);
            if (findings.size() < MOST_FINDINGS) {
                findings.add(new DataReport.Finding(index, id, flaw, message));
            }
        }

        private void add(Tally other) {
            words.add(other.words);
            positions.add(other.positions);
            Arrays.setAll(flawed, i -> flawed[i] + other.flawed[i]);
            other.flaws.forEach((flaw, count) -> flaws.merge(flaw, count, Long::sum));
            findings.addAll(other.findings);
            pictures += other.pictures;
            texts += other.texts;
            cut += other.cut;
        }
    }

    private DataReport run() {
        var total = new Tally();
        tallies().forEach(total::add);
        findDuplicates(total);
        total.findings.sort(Comparator.comparingLong(DataReport.Finding::index));
        var findings = total.findings.subList(0, Math.min(MOST_FINDINGS, total.findings.size()));
        return new DataReport(
                corpus.size(),
                total.pictures,
                total.texts,
                total.words.lengths(),
                total.positions.lengths(),
                total.cut,
                sources(total.flawed),
                Collections.unmodifiableMap(total.flaws),
                findings);
    }

    /// Twice as many workers as cores: some wait for the disk.
    private List<Tally> tallies() {
        var tasks = new ArrayList<FutureTask<Tally>>();
        for (var i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            var task = new FutureTask<>(new Tally());
            tasks.add(task);
            Thread.ofVirtual().start(task);
        }
        var tallies = new ArrayList<Tally>();
        try {
            for (var task : tasks) {
                tallies.add(task.get());
            }
            return tallies;
        } catch (ExecutionException e) {
            throw Loader.failed("checking the data", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AerieException("checking the data was interrupted", e);
        } finally {
            next.set(names.length);
        }
    }

    /// Ids that several records of one source share; each but the first is reported.
    private void findDuplicates(Tally total) {
        var sorted = names.clone();
        Arrays.sort(sorted);
        var firsts = new HashMap<Long, Long>();
        for (var i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1] && sorted[i] != 0) {
                firsts.put(sorted[i], -1L);
            }
        }
        for (var index = 0; index < names.length; index++) {
            var first = firsts.get(names[index]);
            if (first == null) {
                continue;
            }
            if (first < 0) {
                firsts.put(names[index], (long) index);
            } else if (corpus.numberOf(first) != corpus.numberOf(index)) {
                total.found(index, corpus.id(index), Flaw.DUPLICATE_ID, "record #" + first + " has the same id");
            }
        }
    }

    private List<DataReport.SourceCount> sources(long[] flawed) {
        var counts = new long[flawed.length];
        for (var index = 0; index < names.length; index++) {
            counts[corpus.sourceOf(index)]++;
        }
        var sources = new ArrayList<DataReport.SourceCount>();
        for (var i = 0; i < counts.length; i++) {
            var source = corpus.sources().get(i);
            sources.add(new DataReport.SourceCount(source.name(), counts[i], flawed[i], source.published()));
        }
        return sources;
    }
}
