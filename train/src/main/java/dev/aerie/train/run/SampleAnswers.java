package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.image.Pictures;
import dev.aerie.language.GenerationOptions;
import dev.aerie.language.Generator;
import dev.aerie.language.KvCache;
import dev.aerie.language.Sampling;
import dev.aerie.nn.Between;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.TensorScope;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labels;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.RecordException;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.data.Shown;
import dev.aerie.train.model.Batch;
import dev.aerie.train.model.TrainingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Lets a model in training answer a few held-out samples, greedily and from the question alone, so that a reader of
/// the run sees what its numbers stand for.
///
/// @param folder of the run; the pictures go below it
record SampleAnswers(TrainingModel model, SampleMaker maker, Path folder) {

    private static final int MOST_SAMPLES = 8;
    private static final int MOST_TOKENS = 64;
    private static final String PICTURES = "samples";

    /// Answers samples at even distances among the first `count`.
    List<Validation.Answered> of(Examples examples, int count) {
        var answered = new ArrayList<Validation.Answered>();
        int asked = Math.min(count, MOST_SAMPLES);
        for (int k = 0; k < asked; k++) {
            int index = (int) ((long) k * count / asked);
            try {
                answered.add(answer(examples, index));
            } catch (RecordException e) {
                // A flawed record is not asked about.
            }
        }
        return answered;
    }

    private Validation.Answered answer(Examples examples, int index) {
        var sample = examples.get(index);
        int begin = firstLearned(sample);
        var question = beginning(sample, begin);
        var truth = truth(sample, begin);
        return new Validation.Answered(
                sample.id(),
                examples.question(index).orElseGet(() -> text(question.ids())),
                text(truth),
                text(generate(question, truth)),
                picture(sample, index));
    }

    private static int firstLearned(Sample sample) {
        int at = 0;
        while (sample.labels()[at] == Labels.IGNORE) {
            at++;
        }
        return at;
    }

    /// All that stands before the first answer.
    private static Sample beginning(Sample sample, int end) {
        var labels = new int[end];
        Arrays.fill(labels, Labels.IGNORE);
        var also = Arrays.copyOf(sample.also(), Math.min(end, sample.also().length));
        return new Sample(sample.id(), Arrays.copyOf(sample.ids(), end), labels, new int[end], also, sample.picture());
    }

    /// The first answer, its end token included.
    private static int[] truth(Sample sample, int begin) {
        int end = begin;
        while (end < sample.labels().length
                && sample.labels()[end] != Labels.IGNORE
                && sample.turns()[end] == sample.turns()[begin]) {
            end++;
        }
        return Arrays.copyOfRange(sample.labels(), begin, end);
    }

    private int[] generate(Sample question, int[] truth) {
        return Gradients.without(() -> {
            try (var _ = TensorScope.open();
                    var cache = new KvCache(model.model().language().config(), model.precision())) {
                var batch = Batch.of(List.of(question), maker.maxLength());
                var options = new GenerationOptions(MOST_TOKENS, ends(truth), Sampling.GREEDY, 1);
                var input = model.input(batch, Between.NOTHING);
                return new Generator(model.model().language(), input.beside())
                        .generate(input.row(), cache, options, (_, _, _) -> true)
                        .getFirst()
                        .ids();
            }
        });
    }

    /// An answer ends where the true one does: captions of the plain template end with a line, not an end token.
    private Set<Integer> ends(int[] truth) {
        var ends = new HashSet<Integer>();
        maker.tokenizer().eos().ifPresent(ends::add);
        maker.template().stopToken(maker.tokenizer()).ifPresent(ends::add);
        ends.add(truth[truth.length - 1]);
        return ends;
    }

    private String text(int[] ids) {
        var words = Arrays.stream(ids).filter(id -> id != ImageSlots.IMAGE).toArray();
        return maker.tokenizer().decode(words, true).strip();
    }

    /// Written once for each sample, whichever are held out.
    private Optional<String> picture(Sample sample, int index) {
        return sample.picture().map(Shown::overview).map(picture -> {
            var name = PICTURES + "/%06d-%08x.png".formatted(index, sample.id().hashCode());
            try {
                Files.createDirectories(folder.resolve(PICTURES));
            } catch (IOException e) {
                throw new AerieException("cannot make the folder " + folder.resolve(PICTURES) + " (" + e + ")", e);
            }
            if (!Files.exists(folder.resolve(name))) {
                Pictures.writePng(picture, folder.resolve(name));
            }
            return name;
        });
    }
}
