package dev.aerie.lab.pretrain;

import dev.aerie.lab.world.CharacterGrid;
import dev.aerie.lab.world.Drawing;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.vision.FeatureMap;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Text spotting, Pix2Struct's stand-in: for every cell of 8 pixels, which character has its middle there. Each
/// token of the expert answers for the cells that it sees.
public final class Spotting implements DenseTask {

    /// Most cells are empty; without this they would drown the others.
    private static final float EMPTY_WEIGHT = 0.25f;

    private static final int ALL = CharacterGrid.SIDE * CharacterGrid.SIDE;

    private final Eye eye;
    private final Linear head;
    private final int grid;
    private final int cells;

    /// @param head at the names of the head, which the finished expert does without
    public Spotting(Eye eye, ParameterSource head) {
        this.eye = eye;
        grid = eye.spec().grid();
        cells = CharacterGrid.SIDE / grid;
        this.head =
                new Linear(head.at("characters"), eye.spec().channels(), (long) cells * cells * CharacterGrid.CLASSES);
    }

    /// Scores `[B · SIDE², CLASSES]` in the order of [CharacterGrid].
    private Tensor scores(FeatureMap seen) {
        var tokens = seen.tokens(); // [B, grid², C]
        return head.apply(tokens)
                .to(DType.F32)
                .reshape(tokens.size(0), grid, grid, cells, cells, CharacterGrid.CLASSES)
                .permute(0, 1, 3, 2, 4, 5) // [B, grid, cells, grid, cells, CLASSES]
                .reshape(-1, CharacterGrid.CLASSES);
    }

    @Override
    public Tensor loss(List<Drawing> batch) {
        return Functional.crossEntropy(scores(eye.look(batch)), truth(batch), weights());
    }

    private static Tensor weights() {
        var weights = new float[CharacterGrid.CLASSES];
        Arrays.fill(weights, 1);
        weights[0] = EMPTY_WEIGHT;
        return Tensor.of(weights, weights.length);
    }

    private static Tensor truth(List<Drawing> batch) {
        var truth = new long[batch.size() * ALL];
        for (int b = 0; b < batch.size(); b++) {
            var classes = CharacterGrid.of(batch.get(b)).classes();
            for (int i = 0; i < ALL; i++) {
                truth[b * ALL + i] = classes[i];
            }
        }
        return Tensor.of(truth, truth.length);
    }

    /// What is found in pictures that the expert has seen so.
    public List<CharacterGrid> find(FeatureMap seen) {
        var found = scores(seen).argmax(1).toLongs();
        return IntStream.range(0, found.length / ALL)
                .mapToObj(b -> new CharacterGrid(Arrays.stream(found, b * ALL, (b + 1) * ALL)
                        .mapToInt(each -> (int) each)
                        .toArray()))
                .toList();
    }

    @Override
    public List<Tally> tallies(List<Drawing> heldOut) {
        return Gradients.without(() -> {
            try (var _ = TensorScope.open()) {
                var found = scores(eye.look(heldOut)).argmax(1).toLongs();
                return F1.tallies(truth(heldOut).toLongs(), found, 0, ALL);
            }
        });
    }

    @Override
    public String measure() {
        return "character F1";
    }
}
