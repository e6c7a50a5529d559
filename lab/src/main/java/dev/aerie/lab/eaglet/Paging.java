package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Progress;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Routes;
import dev.aerie.lab.pretrain.F1;
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
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

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
    private final Function<List<Drawing>, Routes> routes;
    private final PageMap map;
    private final int blank;

    /// @param fusion the model's
    /// @param table  the decoder's embeddings `[V, C]`, float32
    /// @param cell   see [Page]
    /// @param routes which experts look at the pictures
    /// @throws AerieException if the model's tokens are no map of a page
    Paging(
            EagleModel model,
            Fusions fusion,
            Tensor table,
            Tokenizer tokenizer,
            DType precision,
            int cell,
            Function<List<Drawing>, Routes> routes) {
        this.routes = routes;
        vision = model.vision().orElseThrow();
        var tower = vision.tower();
        map = PageMap.of(fusion, tower.tokens(), tower.experts().size(), cell);
        if (vision.tiled().isPresent()) {
            throw new AerieException("cannot teach pages to a model that looks at pictures in tiles (from.tiling, or"
                    + " mm_tiling in config.json): a page is a whole picture; let tiles begin in a later stage");
        }
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
        var seen = vision.see(pixels.of(batch), routes.apply(batch), Progress.SILENT);
        return seen.tokens().to(DType.F32).flatten(0, 1);
    }

    /// Logits `[B · N, V]` of each word's being there: above 0 if a token holds more than half of its embedding.
    private Tensor scores(Tensor tokens) {
        return tokens.matmul(table.transpose(0, 1))
                .times(SHARPNESS / (scale * table.size(1)))
                .plus(-SHARPNESS / 2);
    }

    /// What each visual token is to say: `[B · N, V]` ones and zeros. Nothing is said of an empty cell
    /// but that it is empty.
    private Tensor truth(List<Drawing> batch) {
        int words = (int) table.size(0);
        int tokens = map.places().size();
        var truth = new float[batch.size() * tokens * words];
        for (int b = 0; b < batch.size(); b++) {
            var page = PageExamples.page(Page.of(batch.get(b), map.cell()), tokenizer);
            for (int i = 0; i < tokens; i++) {
                for (int word : page[map.places().get(i)]) {
                    truth[(b * tokens + i) * words + word] = 1;
                }
            }
        }
        return Tensor.of(truth, (long) batch.size() * tokens, words);
    }

    /// Cross-entropy of each word's being there, plus the squared distance from the sum of the right embeddings in
    /// units of the table's own size.
    @Override
    public Tensor loss(List<Drawing> batch) {
        var truth = truth(batch);
        var tokens = tokens(batch);
        var empty = truth.narrow(1, blank, 1); // [B · N, 1]
        var weights = empty.times(BLANK_WEIGHT - 1).plus(1); // [B · N, 1]
        var away = tokens.minus(truth.matmul(table));
        var distance =
                away.times(away).mean(1).unsqueeze(1).times(weights).sum().divide(weights.sum());
        var there =
                Functional.binaryCrossEntropySum(scores(tokens), truth, weights).divide(weights.sum());
        return there.plus(distance.divide(scale));
    }

    /// F1 of the words, blanks aside.
    @Override
    public double score(List<Drawing> heldOut) {
        return Gradients.without(() -> {
            try (var _ = TensorScope.open()) {
                return F1.of(words(truth(heldOut)), words(scores(tokens(heldOut))), 0);
            }
        });
    }

    /// 1 for each word that is there, 0 for all others and for blanks.
    private long[] words(Tensor scores) {
        var values = scores.toFloats();
        int vocabulary = (int) table.size(0);
        return IntStream.range(0, values.length)
                .mapToLong(i -> values[i] > 0 && i % vocabulary != blank ? 1 : 0)
                .toArray();
    }

    @Override
    public String measure() {
        return "F1 of the pages' words";
    }
}
