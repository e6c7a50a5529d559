package dev.aerie.lab.eaglet;

import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Progress;
import dev.aerie.lab.pretrain.Pixels;
import dev.aerie.lab.pretrain.Task;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Page;
import dev.aerie.lab.world.World;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.text.Tokenizer;
import java.util.Arrays;
import java.util.List;

/// Experts and projector learn to say each cell of a [Page] in the decoder's own words: a visual token is to be the
/// embedding of what its cell holds. The decoder, which reads pages, takes no part. It is dense where the answers'
/// loss is sparse: 256 words a picture.
final class Paging implements Task {

    /// Most cells are empty; without this they would drown the others.
    private static final float BLANK_WEIGHT = 0.1f;

    /// The score of the right word when a visual token is its embedding.
    private static final double SHARPNESS = 10;

    private final EagleModel.Vision vision;
    private final Tensor table; // [V, C]
    private final double scale; // mean square of the table's values
    private final Tokenizer tokenizer;
    private final Pixels pixels;
    private final int blank;

    /// @param table the decoder's embeddings `[V, C]`, float32
    Paging(EagleModel model, Tensor table, Tokenizer tokenizer, DType precision) {
        vision = model.vision().orElseThrow();
        this.table = table;
        try (var _ = TensorScope.open()) {
            scale = table.times(table).mean().item();
        }
        this.tokenizer = tokenizer;
        pixels = new Pixels(World.SIDE, precision);
        blank = tokenizer.pad().orElseThrow();
    }

    /// Visual tokens `[B · N, C]`, float32.
    private Tensor tokens(List<Drawing> batch) {
        var seen = vision.see(pixels.of(batch), Progress.SILENT);
        return seen.tokens().to(DType.F32).flatten(0, 1);
    }

    /// `[B · N, V]`
    private Tensor scores(Tensor tokens) {
        return tokens.matmul(table.transpose(0, 1)).times(SHARPNESS / (scale * table.size(1)));
    }

    private long[] truth(List<Drawing> batch) {
        return batch.stream()
                .map(drawing -> PageExamples.page(Page.of(drawing), tokenizer))
                .flatMapToInt(Arrays::stream)
                .asLongStream()
                .toArray();
    }

    /// Cross-entropy, plus the squared distance from the right embedding in units of the table's own size.
    @Override
    public Tensor loss(List<Drawing> batch) {
        var truth = truth(batch);
        var tokens = tokens(batch);
        var labels = Tensor.of(truth, truth.length);
        var classes = new float[(int) table.size(0)];
        Arrays.fill(classes, 1);
        classes[blank] = BLANK_WEIGHT;
        var byClass = Tensor.of(classes, classes.length);
        var weights = byClass.indexSelect(0, labels); // [B · N]
        var away = tokens.minus(Functional.embedding(labels, table));
        var distance = away.times(away).mean(1).times(weights).sum().divide(weights.sum());
        return Functional.crossEntropy(scores(tokens), labels, byClass).plus(distance.divide(scale));
    }

    /// The share of words, blanks aside, that are the likeliest in their cells.
    @Override
    public double score(List<Drawing> heldOut) {
        return Gradients.without(() -> {
            try (var _ = TensorScope.open()) {
                var truth = truth(heldOut);
                var said = scores(tokens(heldOut)).argmax(1).toLongs();
                int right = 0;
                int words = 0;
                for (int i = 0; i < truth.length; i++) {
                    if (truth[i] != blank) {
                        words++;
                        right += truth[i] == said[i] ? 1 : 0;
                    }
                }
                return words == 0 ? 0 : (double) right / words;
            }
        });
    }

    @Override
    public String measure() {
        return "words of pages";
    }
}
