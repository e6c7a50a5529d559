package dev.aerie.lab.pretrain;

import dev.aerie.image.Picture;
import dev.aerie.lab.world.CharacterGrid;
import dev.aerie.lab.world.Drawing;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.vision.VisionExpert;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Text spotting, Pix2Struct's stand-in: for every cell of 8 pixels, which character has its middle there. Each
/// token of the expert answers for the cells that it sees.
public final class Spotting implements Task {

    /// Most cells are empty; without this they would drown the others.
    private static final float EMPTY_WEIGHT = 0.25f;

    private final VisionExpert expert;
    private final Linear head;
    private final Pixels pixels;
    private final int grid;
    private final int cells;

    /// @param head at the names of the head, which the finished expert does without
    public Spotting(VisionExpert expert, ParameterSource head, DType precision) {
        this.expert = expert;
        pixels = new Pixels(expert.spec().input(), precision);
        grid = expert.spec().grid();
        cells = CharacterGrid.SIDE / grid;
        this.head = new Linear(
                head.at("characters"), expert.spec().channels(), (long) cells * cells * CharacterGrid.CLASSES);
    }

    /// Scores `[B · SIDE², CLASSES]` in the order of [CharacterGrid].
    private Tensor scores(List<Drawing> batch) {
        return scores(pixels.of(batch));
    }

    private Tensor scores(Tensor batch) {
        var tokens = expert.encode(batch).tokens(); // [B, grid², C]
        return head.apply(tokens)
                .to(DType.F32)
                .reshape(batch.size(0), grid, grid, cells, cells, CharacterGrid.CLASSES)
                .permute(0, 1, 3, 2, 4, 5) // [B, grid, cells, grid, cells, CLASSES]
                .reshape(-1, CharacterGrid.CLASSES);
    }

    @Override
    public Tensor loss(List<Drawing> batch) {
        return Functional.crossEntropy(scores(batch), truth(batch), weights());
    }

    private static Tensor weights() {
        var weights = new float[CharacterGrid.CLASSES];
        Arrays.fill(weights, 1);
        weights[0] = EMPTY_WEIGHT;
        return Tensor.of(weights, weights.length);
    }

    private static Tensor truth(List<Drawing> batch) {
        int n = CharacterGrid.SIDE * CharacterGrid.SIDE;
        var truth = new long[batch.size() * n];
        for (int b = 0; b < batch.size(); b++) {
            var classes = CharacterGrid.of(batch.get(b)).classes();
            for (int i = 0; i < n; i++) {
                truth[b * n + i] = classes[i];
            }
        }
        return Tensor.of(truth, truth.length);
    }

    /// What is found in pictures, of [World#SIDE] pixels in each direction.
    public List<CharacterGrid> find(List<Picture> pictures) {
        return Gradients.without(() -> {
            try (var _ = TensorScope.open()) {
                var found = scores(pixels.ofPictures(pictures)).argmax(1).toLongs();
                int n = CharacterGrid.SIDE * CharacterGrid.SIDE;
                return IntStream.range(0, pictures.size())
                        .mapToObj(b -> new CharacterGrid(Arrays.stream(found, b * n, (b + 1) * n)
                                .mapToInt(each -> (int) each)
                                .toArray()))
                        .toList();
            }
        });
    }

    @Override
    public double score(List<Drawing> heldOut) {
        return Gradients.without(() -> {
            try (var _ = TensorScope.open()) {
                var found = scores(heldOut).argmax(1).toLongs();
                return F1.of(truth(heldOut).toLongs(), found, 0);
            }
        });
    }

    @Override
    public String measure() {
        return "character F1";
    }
}
