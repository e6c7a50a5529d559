package dev.aerie.evaluate.run;

import dev.aerie.AerieException;
import dev.aerie.eagle.Answer;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Batches;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.Question;
import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Scored;
import dev.aerie.evaluate.benchmark.Scoring;
import dev.aerie.evaluate.data.Digest;
import dev.aerie.evaluate.data.EncodedPicture;
import dev.aerie.evaluate.data.Records;
import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.image.ReadOptions;
import dev.aerie.train.log.JsonLines;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Asks a model the questions of a benchmark. Each answer is logged with its batch; a run that was
/// stopped at any moment does its last, half logged batch again and ends as if it had not been
/// stopped.
public final class Evaluation {

    private final Eagle eagle;
    private final Settings settings;
    private final Scoring scoring;
    private final Keeping keeping;
    private final Disturbance disturbance;
    private final Part part;

    /// @param scoring agrees with the settings
    public Evaluation(Eagle eagle, Settings settings, Scoring scoring, Keeping keeping) {
        if (settings.batch() < 1 || settings.limit() < 0 || settings.maxTokens() < 0) {
            throw new AerieException("cannot ask " + settings.batch() + " questions at once of " + settings.limit()
                    + " records: expected a batch of at least 1 and no negative limit, of tokens neither");
        }
        this.eagle = eagle;
        this.settings = settings;
        this.scoring = scoring;
        this.keeping = keeping;
        disturbance = Disturbance.of(settings.pictures());
        part = Part.of(settings.part());
    }

    /// Runs a benchmark to its end, or does nothing if it is there.
    public void run(Benchmark benchmark, Records records, EvalFolder folder, RunListener listener) {
        long all = settings.limit() == 0 ? records.size() : Math.min(records.size(), settings.limit());
        if (all == 0) {
            throw new AerieException("cannot evaluate " + benchmark.card().title() + ": the data has no records");
        }
        folder.begin(benchmark, new EvalFolder.Data(all, digest(benchmark, records, all)));
        if (folder.isDone(benchmark)) {
            return;
        }
        try (var work = new Work(benchmark, records, folder, all, listener)) {
            work.run();
        }
        folder.finish(benchmark, all);
    }

    /// Of the first and the last window: reading all would take long where pictures lie beside the questions.
    private String digest(Benchmark benchmark, Records records, long all) {
        int size = (int) Math.min(Part.WINDOW, all);
        var text = LongStream.of(0, all - size)
                .mapToObj(first -> records.read(first, size))
                .flatMap(List::stream)
                .map(entry -> Item.of(benchmark, entry, settings.strict()))
                .map(item -> String.join("\n", item.id(), item.prompt(), String.join("\n", item.truths())))
                .collect(Collectors.joining("\n"));
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The work on one benchmark.
    private final class Work implements AutoCloseable {

        private final Benchmark benchmark;
        private final Records records;
        private final long all;
        private final AnswerOptions how;
        private final Batches batches;
        private final Tally tally;
        private final EvalFolder folder;
        private final Album album;
        private Optional<JsonLines<Scored>> log = Optional.empty();

        /// Lines logged before, by this or an earlier process.
        private long done;

        Work(Benchmark benchmark, Records records, EvalFolder folder, long all, RunListener listener) {
            this.benchmark = benchmark;
            this.records = records;
            this.folder = folder;
            this.all = all;
            album = new Album(folder.pictures(benchmark), all, keeping.samples());
            how = AnswerOptions.DEFAULT.withMaxTokens(
                    settings.maxTokens() == 0 ? benchmark.card().maxTokens() : settings.maxTokens());
            tally = new Tally(benchmark.card().name(), part.size(all), listener);
            batches = eagle.batches(keeping.features());
        }

        void run() {
            var before = folder.scored(benchmark);
            before.forEach(tally::before);
            for (long window = 0; window * Part.WINDOW < all; window++) {
                if (part.has(window)) {
                    long first = window * Part.WINDOW;
                    int size = (int) Math.min(Part.WINDOW, all - first);
                    if (done + size <= before.size()) {
                        done += size;
                    } else {
                        window(first, size, before);
                    }
                }
            }
            if (log.isEmpty()) {
                tally.resume(done);
            }
            if (done > 0 && tally.answered() == 0 && part.equals(Part.ALL)) {
                throw new AerieException("cannot evaluate " + benchmark.card().title() + ": none of " + done
                        + " records could be answered; the last because of: " + tally.flaw() + "; remove "
                        + folder.answers(benchmark) + " to ask them again");
            }
        }

        /// @param logged lines that are there already, some of this window perhaps
        private void window(long first, int size, List<Scored> logged) {
            var items = records.read(first, size).stream()
                    .map(entry -> Item.of(benchmark, entry, settings.strict()))
                    .toList();
            for (var batch : Window.batches(items, settings.batch(), disturbance)) {
                if (log.isEmpty() && done + batch.size() <= logged.size()) {
                    requireSame(batch, logged.subList((int) done, (int) done + batch.size()));
                    done += batch.size();
                    continue;
                }
                batch(batch);
            }
        }

        private void requireSame(List<Item> batch, List<Scored> logged) {
            for (int i = 0; i < batch.size(); i++) {
                if (batch.get(i).number() != logged.get(i).record()
                        || !batch.get(i).id().equals(logged.get(i).id())) {
                    throw new AerieException("cannot go on with " + folder.answers(benchmark) + ": its record "
                            + logged.get(i).record() + " was " + logged.get(i).id() + ", in the data now "
                            + batch.get(i).id() + " stands there; name the data it was begun with, or another folder"
                            + " with --output");
                }
            }
        }

        private void batch(List<Item> batch) {
            if (log.isEmpty()) {
                log = Optional.of(JsonLines.resume(folder.answers(benchmark), Scored.class, Scored::place, done));
                tally.resume(done);
            }
            long start = System.nanoTime();
            var shown = shown(batch);
            for (int i = 0; i < batch.size(); i++) {
                if (album.wants(batch.get(i).number())) {
                    shown.get(i).question.ifPresent(album.keep(batch.get(i).number()));
                }
            }
            var answers = answers(batch, shown);
            double seconds = (System.nanoTime() - start) / 1e9 / batch.size();
            var lines = new ArrayList<Scored>();
            for (int i = 0; i < batch.size(); i++) {
                lines.add(scored(batch.get(i), answers.get(i), done + i + 1, seconds));
            }
            lines.forEach(log.get()::append);
            log.get().sync();
            done += lines.size();
            tally.batch(lines);
        }

        /// The questions of a batch, or why one cannot be asked.
        private List<Asked> shown(List<Item> batch) {
            var decoded = new HashMap<String, Picture>();
            return batch.stream().map(item -> shown(item, decoded)).toList();
        }

        private Asked shown(Item item, Map<String, Picture> decoded) {
            if (!item.flaw().isEmpty()) {
                return Asked.not(item.flaw());
            }
            try {
                var pictures = item.pictures().stream()
                        .map(picture -> decoded.computeIfAbsent(picture.key(), _ -> decode(picture)))
                        .toList();
                return new Asked(Optional.of(new Question(item.prompt(), pictures, true)), "");
            } catch (AerieException e) {
                return Asked.not(item.fields().where() + ": " + e.getMessage());
            }
        }

        private Picture decode(EncodedPicture picture) {
            return disturbance.of(Pictures.read(picture.read(), picture.name(), ReadOptions.DEFAULT));
        }

        /// Answers together what can be asked; if that fails, one by one.
        private List<Outcome> answers(List<Item> batch, List<Asked> shown) {
            var questions =
                    shown.stream().flatMap(each -> each.question.stream()).toList();
            var answers = together(questions).iterator();
            var outcomes = new ArrayList<Outcome>();
            for (int i = 0; i < batch.size(); i++) {
                outcomes.add(shown.get(i).question.isPresent() ? answers.next() : Outcome.skipped(shown.get(i).flaw));
            }
            return outcomes;
        }

        private List<Outcome> together(List<Question> questions) {
            try {
                return batches.ask(questions, how).stream().map(Outcome::of).toList();
            } catch (AerieException e) {
                return questions.size() > 1
                        ? questions.stream()
                                .flatMap(each -> together(List.of(each)).stream())
                                .toList()
                        : List.of(Outcome.failed(String.valueOf(e.getMessage())));
            }
        }

        private Scored scored(Item item, Outcome outcome, long place, double seconds) {
            if (!outcome.flaw.isEmpty()) {
                return item.skipped(place, outcome.flaw);
            }
            var text = outcome.answer
                    .map(answer ->
                            eagle.tokenizer().decode(answer.ids(), true)) // outer spaces count, as in the reference
                    .orElse("");
            var judgement =
                    benchmark.judge(item.fields(), text, outcome.failure.isEmpty() ? scoring : scoring.withoutJudge());
            return new Scored(
                    place,
                    item.number(),
                    item.id(),
                    item.group(),
                    item.category(),
                    item.prompt(),
                    text,
                    item.truths(),
                    judgement.parsed(),
                    judgement.score(),
                    outcome.failure.isEmpty() ? judgement.note() : Scored.failed(outcome.failure),
                    outcome.answer.map(Evaluation::confidence).orElse(0.0),
                    outcome.answer.map(answer -> answer.ids().length).orElse(0),
                    seconds,
                    "");
        }

        @Override
        public void close() {
            try (batches) {
                log.ifPresent(JsonLines::close);
            }
        }
    }

    private record Asked(Optional<Question> question, String flaw) {

        static Asked not(String why) {
            return new Asked(Optional.empty(), why);
        }
    }

    /// @param flaw    of the record, which is left out
    /// @param failure of answering, which counts as an answer of nothing, as in the reference
    private record Outcome(Optional<Answer> answer, String flaw, String failure) {

        static Outcome of(Answer answer) {
            return new Outcome(Optional.of(answer), "", "");
        }

        static Outcome skipped(String flaw) {
            return new Outcome(Optional.empty(), flaw, "");
        }

        static Outcome failed(String failure) {
            return new Outcome(Optional.empty(), "", failure);
        }
    }

    /// The probability of the whole answer.
    private static double confidence(Answer answer) {
        double sum = 0;
        for (float logprob : answer.logprobs()) {
            sum += logprob;
        }
        return Math.exp(sum);
    }
}
