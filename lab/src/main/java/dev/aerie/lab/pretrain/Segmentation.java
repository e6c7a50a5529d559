package dev.aerie.lab.pretrain;

import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.MaskPrompts;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/// Point-prompted masks, SAM's stand-in: given a point, which pixels belong to the same object. Every pixel of a map a
/// quarter of the picture's size gets an embedding; the mask is the product of the prompted pixel's with all others'.
public final class Segmentation implements DenseTask {

    private static final int SIDE = MaskPrompts.SIDE;
    private static final int WIDTH = 32;
    private static final double DICE_WEIGHT = 0.5;

    private final Eye eye;
    private final Linear embed;
    private final Linear prompt;
    private final int grid;
    private final int cells;

    /// @param head at the names of the head, which the finished expert does without
    public Segmentation(Eye eye, ParameterSource head) {
        this.eye = eye;
        grid = eye.spec().grid();
        cells = SIDE / grid;
        embed = new Linear(head.at("pixels"), eye.spec().channels(), (long) cells * cells * WIDTH);
        prompt = new Linear(head.at("prompt"), WIDTH, WIDTH + 1L);
    }

    /// Scores `[B, POINTS, SIDE²]` of every pixel for every point.
    private Tensor scores(List<Drawing> batch, long[] points) {
        var tokens = eye.look(batch).tokens(); // [B, grid², C]
        var map = embed.apply(tokens)
                .to(DType.F32)
                .reshape(batch.size(), grid, grid, cells, cells, WIDTH)
                .permute(0, 1, 3, 2, 4, 5)
                .reshape((long) batch.size() * SIDE * SIDE, WIDTH); // [B · SIDE², D]
        var prompted = prompt.apply(map.indexSelect(0, Tensor.of(points, points.length)))
                .to(DType.F32)
                .reshape(batch.size(), MaskPrompts.POINTS, WIDTH + 1L);
        var each = map.reshape(batch.size(), (long) SIDE * SIDE, WIDTH).transpose(1, 2); // [B, D, SIDE²]
        return prompted.narrow(2, 0, WIDTH).matmul(each).plus(prompted.narrow(2, WIDTH, 1));
    }

    @Override
    public Tensor loss(List<Drawing> batch) {
        var truth = Truth.of(batch);
        var scores = scores(batch, truth.points());
        var masks = Tensor.of(truth.masks(), scores.shape());
        var share = scores.sigmoid();
        var both = share.times(masks).sum(2);
        var dice = both.times(2).plus(1).divide(share.sum(2).plus(masks.sum(2)).plus(1)); // [B, POINTS]
        return Functional.binaryCrossEntropy(scores, masks)
                .plus(dice.mean().negate().plus(1).times(DICE_WEIGHT));
    }

    /// Mean intersection over union of the masks.
    @Override
    public List<Tally> tallies(List<Drawing> heldOut) {
        return Gradients.without(() -> {
            try (var _ = TensorScope.open()) {
                var truth = Truth.of(heldOut);
                var scores = scores(heldOut, truth.points()).toFloats();
                int n = SIDE * SIDE;
                var tallies = new ArrayList<Tally>();
                double sum = 0;
                int masks = scores.length / n;
                for (int m = 0; m < masks; m++) {
                    int both = 0;
                    int either = 0;
                    for (int i = m * n; i < (m + 1) * n; i++) {
                        boolean there = truth.masks()[i] > 0;
                        both += there && scores[i] > 0 ? 1 : 0;
                        either += there || scores[i] > 0 ? 1 : 0;
                    }
                    sum += (double) both / either;
                    if ((m + 1) % MaskPrompts.POINTS == 0) {
                        tallies.add(new Tally(sum, MaskPrompts.POINTS));
                        sum = 0;
                    }
                }
                return tallies;
            }
        });
    }

    @Override
    public String measure() {
        return "mean IoU";
    }

    /// @param points of all pictures, as rows of the joined maps
    /// @param masks  `[B, POINTS, SIDE²]`: 1 where a pixel belongs to the point's object
    @SuppressWarnings("ArrayRecordComponent")
    private record Truth(long[] points, float[] masks) {

        static Truth of(List<Drawing> batch) {
            int n = SIDE * SIDE;
            var points = new long[batch.size() * MaskPrompts.POINTS];
            var masks = new float[points.length * n];
            for (int b = 0; b < batch.size(); b++) {
                var prompts = MaskPrompts.of(batch.get(b), batch.get(b).seed());
                for (int p = 0; p < MaskPrompts.POINTS; p++) {
                    int row = b * MaskPrompts.POINTS + p;
                    points[row] = (long) b * n + prompts.points()[p];
                    for (int i = 0; i < n; i++) {
                        masks[row * n + i] = prompts.isInside(p, i) ? 1 : 0;
                    }
                }
            }
            return new Truth(points, masks);
        }
    }
}
