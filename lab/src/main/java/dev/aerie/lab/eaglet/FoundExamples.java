package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.lab.words.Found;
import dev.aerie.lab.words.Wording;
import dev.aerie.lab.world.Drawing;
import dev.aerie.text.Labels;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.Sample;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The rows of pictures with what is found there, in words behind the picture: all questions see them.
///
/// @param rows whose maker need not know how many tokens the words take
record FoundExamples(WorldExamples rows, Finder finder) implements Examples {

    /// Says what is found in a drawing; safe for use by several threads.
    interface Finder extends AutoCloseable {

        String say(Drawing drawing);

        @Override
        default void close() {}
    }

    /// With the finders of a folder that holds some; else as one who errs in nothing, in the folder's wording.
    static FoundExamples of(WorldExamples rows, Optional<Path> folder) {
        return new FoundExamples(
                rows,
                folder.filter(Finders::someIn)
                        .<Finder>map(InOwnThread::of)
                        .orElseGet(() -> truth(folder.map(Wording::in).orElseGet(Wording::shipped))));
    }

    private static Finder truth(Wording wording) {
        return drawing -> wording.say(Found.of(drawing));
    }

    /// The finders look in a thread of their own: whether gradients are recorded belongs to a thread, and samples are
    /// made by virtual ones, which may go from one thread to another.
    private record InOwnThread(Finders finders, ExecutorService thread) implements Finder {

        static InOwnThread of(Path folder) {
            return new InOwnThread(
                    new Finders(folder),
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().daemon().name("finders").factory()));
        }

        @Override
        public String say(Drawing drawing) {
            try {
                return CompletableFuture.supplyAsync(
                                () -> finders.say(List.of(drawing.picture())).getFirst(), thread)
                        .join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof AerieException cause ? cause : e;
            }
        }

        @Override
        public void close() {
            thread.close();
            finders.close();
        }
    }

    @Override
    public long size() {
        return rows.size();
    }

    @Override
    public String id(long index) {
        return rows.id(index);
    }

    @Override
    public List<String> kinds(long index) {
        return rows.kinds(index);
    }

    @Override
    public int length(long index) {
        return rows.length(index);
    }

    @Override
    public Sample get(long index) {
        var drawing = rows.drawing(index);
        var words = tokens(finder.say(drawing), rows.maker().tokenizer());
        return behindPicture(words, sample(index, drawing, words.length));
    }

    @Override
    public void close() {
        finder.close();
    }

    /// The row without the words, but with room for them.
    private Sample sample(long index, Drawing drawing, int words) {
        var maker = rows.maker();
        return rows.with(maker.withMaxLength(Math.max(1, maker.maxLength() - words)))
                .sample(index, drawing);
    }

    /// What stands in a row for words within a prompt.
    static int[] tokens(String words, Tokenizer tokenizer) {
        var ids = tokenizer.encode(words);
        boolean begins = tokenizer.bos().stream().anyMatch(bos -> ids.length > 0 && bos == ids[0]);
        return begins ? Arrays.copyOfRange(ids, 1, ids.length) : ids;
    }

    /// A row with words between its picture and its questions; nothing of them is learned.
    static Sample behindPicture(int[] words, Sample sample) {
        int at = 1 + Slots.ofPicture(sample.ids());
        var ignored = new int[words.length];
        Arrays.fill(ignored, Labels.IGNORE);
        var turns = new int[words.length];
        Arrays.fill(turns, sample.turns()[at - 1]);
        return new Sample(
                sample.id(),
                Slots.replaced(sample.ids(), at, at, words),
                Slots.replaced(sample.labels(), at, at, ignored),
                Slots.replaced(sample.turns(), at, at, turns),
                sample.picture());
    }
}
