package dev.aerie.train.model;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Progress;
import dev.aerie.fusion.Places;
import dev.aerie.image.Picture;
import dev.aerie.language.Rows;
import dev.aerie.nn.Beside;
import dev.aerie.nn.Between;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labels;
import dev.aerie.train.data.Shown;
import dev.aerie.train.data.Viewing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// A model and how it learns from a batch: pictures to visual tokens, tokens to embeddings, both spliced into rows, the
/// decoder over them, and the mean cross-entropy of the learned positions.
///
/// @param model       made from parameters some of which learn
/// @param precision   what everything is computed in
/// @param viewing     how pictures are shown to it
/// @param learners    tells of each expert whether any of its parameters learns
/// @param recompute   whether activations are computed again instead of kept
/// @param lossChunk   positions whose scores over the vocabulary exist at one time
public record TrainingModel(
        EagleModel model, DType precision, Viewing viewing, IntPredicate learners, boolean recompute, int lossChunk) {

    /// What one micro batch gave.
    ///
    /// @param sum     of the cross-entropies of the learned positions
    /// @param learned how many there are
    public record Loss(double sum, int learned) {
        public double mean() {
            return learned == 0 ? 0 : sum / learned;
        }
    }

    /// Computes the loss, and adds the gradients of `share · mean loss` to the parameters that learn.
    ///
    /// @param share of this micro batch in the step
    public Loss learn(Batch batch, double share) {
        try (var _ = TensorScope.open();
                var memory = new Recompute()) {
            var between = recompute ? memory : Between.NOTHING;
            var hidden = hidden(batch, between);
            var targets = Targets.of(batch);
            if (targets.count() == 0) {
                return new Loss(0, 0);
            }
            var selected = hidden.flatten(0, 1).indexSelect(0, targets.rows()); // [N, C]
            var loss = new LossHead(model.language(), lossChunk).learn(selected, targets, share);
            memory.backward();
            return loss;
        }
    }

    /// The mean cross-entropy of the learned positions with its history, for losses of which it is a part.
    public Tensor loss(Batch batch) {
        var targets = Targets.of(batch);
        var selected = hidden(batch, Between.NOTHING).flatten(0, 1).indexSelect(0, targets.rows()); // [N, C]
        var scores = model.language().logits(selected); // [N, V]
        return Functional.crossEntropySum(scores, targets.labels()).divide(targets.count());
    }

    /// Loss and predictions without learning.
    public Judgement judge(Batch batch) {
        return Gradients.without(() -> {
            try (var _ = TensorScope.open()) {
                var targets = Targets.of(batch);
                var selected = hidden(batch, Between.NOTHING).flatten(0, 1).indexSelect(0, targets.rows()); // [N, C]
                return new LossHead(model.language(), lossChunk).judge(batch, selected, targets);
            }
        });
    }

    /// What the decoder reads.
    ///
    /// @param row    embeddings `[B, T, C]`, visual tokens in their places
    /// @param beside what its layers read beside them
    public record Input(Tensor row, Beside beside) {}

    /// The decoder's hidden states `[B, T, C]`.
    public Tensor hidden(Batch batch, Between between) {
        var input = input(batch, between);
        return model.language()
                .forward(
                        input.row(),
                        new Rows(batch.turns()),
                        between.with(input.beside().from(0)));
    }

    /// What the decoder reads of a batch.
    public Input input(Batch batch, Between between) {
        var places = places(batch);
        if (batch.pictures().isEmpty()) {
            return new Input(splice(batch, List.of()), model.beside(places, List.of()));
        }
        var vision = model.vision()
                .orElseThrow(() -> new AerieException("cannot learn from samples with pictures: the model has no vision"
                        + " tower (mm_vision_tower in config.json); drop the pictures or name another starting point"));
        IntFunction<Between> experts = i -> learners.test(i) ? between : Between.NOTHING;
        if (vision.tiled().isPresent()) {
            var tokens =
                    new TiledPictures(vision, batch.pictures(), batch.routes()).see(this::pixels, experts, between);
            return new Input(splice(batch, tokens), model.beside(places, List.of()));
        }
        var pictures = batch.pictures().stream().map(Shown::overview).toList();
        var seen = vision.see(pixels(pictures), batch.routes(), Progress.SILENT, experts, between);
        var tokens = IntStream.range(0, pictures.size())
                .mapToObj(i -> seen.tokens().select(0, i)) // [N, C]
                .toList();
        return new Input(splice(batch, tokens), model.beside(places, seen.beside()));
    }

    /// Normalised pixels `[P, 3, height, width]` of pictures of one size.
    private Tensor pixels(List<Picture> pictures) {
        return TensorScope.compute(() -> {
            var each = new ArrayList<Tensor>();
            for (var picture : pictures) {
                var normalised = viewing.processor().normalise(picture);
                each.add(Tensor.of(normalised, 1, 3, picture.height(), picture.width()));
            }
            return Tensors.cat(each, 0).to(precision);
        });
    }

    /// Where the pictures stand in the rows.
    private static Places places(Batch batch) {
        var rows = new ArrayList<List<Places.Place>>();
        int picture = 0;
        for (int b = 0; b < batch.rows(); b++) {
            var ids = batch.ids()[b];
            var row = new ArrayList<Places.Place>();
            for (int t = 0; t < batch.lengths()[b]; t++) {
                if (ids[t] == ImageSlots.IMAGE) {
                    int from = t;
                    int most = batch.pictures().get(picture).tokens();
                    while (t + 1 < batch.lengths()[b] && t + 1 - from < most && ids[t + 1] == ImageSlots.IMAGE) {
                        t++;
                    }
                    row.add(new Places.Place(from, t + 1 - from, picture++));
                }
            }
            rows.add(row);
        }
        return new Places(rows);
    }

    /// Embeddings `[B, T, C]`, visual tokens in their places, zeros for padding. All words are looked up at once: the
    /// gradient of the table is then made once.
    private Tensor splice(Batch batch, List<Tensor> visual) {
        var words = words(batch).to(precision); // [words, C]
        var parts = new ArrayList<Tensor>();
        int word = 0;
        int picture = 0;
        for (int b = 0; b < batch.rows(); b++) {
            var ids = batch.ids()[b];
            int length = batch.lengths()[b];
            for (int t = 0; t < length; ) {
                boolean sees = ids[t] == ImageSlots.IMAGE;
                int end = t;
                int most = sees ? t + Math.toIntExact(visual.get(picture).size(0)) : length;
                while (end < Math.min(most, length) && (ids[end] == ImageSlots.IMAGE) == sees) {
                    end++;
                }
                if (sees) {
                    parts.add(visual.get(picture++).narrow(0, 0, end - t));
                } else {
                    parts.add(words.narrow(0, word, end - t));
                    word += end - t;
                }
                t = end;
            }
            if (length < batch.tokens()) {
                parts.add(Tensor.zeros(precision, batch.tokens() - length, words.size(1)));
            }
        }
        return Tensors.cat(parts, 0).reshape(batch.rows(), batch.tokens(), words.size(1));
    }

    /// Embeddings of all that is not a picture, row after row.
    private Tensor words(Batch batch) {
        var words = LongStream.builder();
        var places = LongStream.builder(); // of the further words
        var further = LongStream.builder();
        int word = 0;
        for (int b = 0; b < batch.rows(); b++) {
            var also = batch.also()[b];
            for (int t = 0; t < batch.lengths()[b]; t++) {
                if (batch.ids()[b][t] != ImageSlots.IMAGE) {
                    words.add(batch.ids()[b][t]);
                    for (int i = 0; t < also.length && i < also[t].length; i++) {
                        places.add(word);
                        further.add(also[t][i]);
                    }
                    word++;
                }
            }
        }
        var embedded = embed(words.build().toArray()); // [words, C]
        var added = further.build().toArray();
        return added.length == 0
                ? embedded
                : embedded.indexAdd(0, Tensor.of(places.build().toArray(), added.length), embed(added));
    }

    private Tensor embed(long[] ids) {
        return model.language().embed(Tensor.of(ids, ids.length));
    }

    /// The positions that predict something, and what.
    ///
    /// @param rows of the flattened hidden states
    record Targets(Tensor rows, Tensor labels, int count) {

        /// Position t − 1 predicts the label of t.
        static Targets of(Batch batch) {
            int n = batch.learned();
            var rows = new long[n];
            var labels = new long[n];
            int at = 0;
            for (int b = 0; b < batch.rows(); b++) {
                for (int t = 1; t < batch.tokens(); t++) {
                    if (batch.labels()[b][t] != Labels.IGNORE) {
                        rows[at] = (long) b * batch.tokens() + t - 1;
                        labels[at++] = batch.labels()[b][t];
                    }
                }
            }
            return new Targets(Tensor.of(rows, n), Tensor.of(labels, n), n);
        }
    }
}
