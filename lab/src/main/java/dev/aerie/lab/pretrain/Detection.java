package dev.aerie.lab.pretrain;

import dev.aerie.lab.world.Category;
import dev.aerie.lab.world.Colour;
import dev.aerie.lab.world.DetectionGrid;
import dev.aerie.lab.world.Drawing;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.vision.FeatureMap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Object detection, EVA-02's stand-in: for every cell of 16 pixels, whether an object has its middle there, of which
/// class and colour it is, and its box.
public final class Detection implements DenseTask {

    private static final int CLASSES = Category.values().length;
    private static final int COLOURS = Colour.values().length;
    private static final int BOX = 4;
    private static final int CELLS = DetectionGrid.SIDE * DetectionGrid.SIDE;
    private static final double PRESENCE_WEIGHT = 5;
    private static final double BOX_WEIGHT = 2;

    private final Eye eye;
    private final Linear head;

    /// @param head at the names of the head, which the finished expert does without
    public Detection(Eye eye, ParameterSource head) {
        this.eye = eye;
        this.head = new Linear(head.at("objects"), eye.spec().channels(), 1L + CLASSES + COLOURS + BOX);
    }

    /// `[B · SIDE², 1 + CLASSES + COLOURS + BOX]`
    private Tensor predictions(FeatureMap seen) {
        var map = seen.resizedTo(DetectionGrid.SIDE);
        return head.apply(map.tokens()).to(DType.F32).flatten(0, 1);
    }

    @Override
    public Tensor loss(List<Drawing> batch) {
        var truth = Truth.of(batch);
        var predicted = predictions(eye.look(batch));
        var presence = Functional.binaryCrossEntropy(predicted.select(1, 0), truth.presence());
        if (truth.places().elements() == 0) {
            return presence.times(PRESENCE_WEIGHT);
        }
        var objects = predicted.indexSelect(0, truth.places());
        var classes = Functional.crossEntropySum(objects.narrow(1, 1, CLASSES), truth.classes());
        var colours = Functional.crossEntropySum(objects.narrow(1, 1L + CLASSES, COLOURS), truth.colours());
        var boxes = objects.narrow(1, 1L + CLASSES + COLOURS, BOX)
                .minus(truth.boxes())
                .abs()
                .mean();
        return presence.times(PRESENCE_WEIGHT)
                .plus(classes.plus(colours).divide(truth.places().elements()))
                .plus(boxes.times(BOX_WEIGHT));
    }

    /// What is found in pictures that the expert has seen so.
    public List<DetectionGrid> find(FeatureMap seen) {
        var predicted = predictions(seen);
        var presence = predicted.select(1, 0).toFloats();
        var classes = predicted.narrow(1, 1, CLASSES).argmax(1).toLongs();
        var colours = predicted.narrow(1, 1L + CLASSES, COLOURS).argmax(1).toLongs();
        var boxes = predicted.narrow(1, 1L + CLASSES + COLOURS, BOX).toFloats();
        return IntStream.range(0, presence.length / CELLS)
                .mapToObj(b -> grid(b * CELLS, presence, classes, colours, boxes))
                .toList();
    }

    /// The grid of the cells from number `from` on.
    private static DetectionGrid grid(int from, float[] presence, long[] classes, long[] colours, float[] boxes) {
        var grid = new DetectionGrid(new int[CELLS], new int[CELLS], new float[BOX * CELLS]);
        for (int i = 0; i < CELLS; i++) {
            boolean there = presence[from + i] > 0;
            grid.classes()[i] = there ? (int) classes[from + i] : DetectionGrid.NONE;
            grid.colours()[i] = there ? (int) colours[from + i] : DetectionGrid.NONE;
            if (there) {
                System.arraycopy(boxes, BOX * (from + i), grid.boxes(), BOX * i, BOX);
            }
        }
        return grid;
    }

    /// Right is an object found in its cell with its class and colour.
    @Override
    public List<Tally> tallies(List<Drawing> heldOut) {
        return Gradients.without(() -> {
            try (var _ = TensorScope.open()) {
                var truth = heldOut.stream().map(DetectionGrid::of).toList();
                return F1.tallies(kinds(truth), kinds(find(eye.look(heldOut))), 0, CELLS);
            }
        });
    }

    /// Of each cell 0 if it is empty, else a number for class and colour together.
    private static long[] kinds(List<DetectionGrid> grids) {
        return grids.stream()
                .flatMapToLong(grid -> IntStream.range(0, grid.classes().length)
                        .mapToLong(i -> grid.classes()[i] == DetectionGrid.NONE
                                ? 0
                                : 1L + (long) grid.classes()[i] * COLOURS + grid.colours()[i]))
                .toArray();
    }

    @Override
    public String measure() {
        return "class and colour F1";
    }

    /// What is in the cells of a batch.
    ///
    /// @param presence `[B · SIDE²]`: 1 where there is an object
    /// @param places   `[N]`: the cells with one; `classes`, `colours` `[N]` and `boxes` `[N, 4]` say what it is
    private record Truth(Tensor presence, Tensor places, Tensor classes, Tensor colours, Tensor boxes) {

        static Truth of(List<Drawing> batch) {
            int n = DetectionGrid.SIDE * DetectionGrid.SIDE;
            var presence = new float[batch.size() * n];
            var places = new ArrayList<Long>();
            var classes = new ArrayList<Long>();
            var colours = new ArrayList<Long>();
            var boxes = new ArrayList<Float>();
            for (int b = 0; b < batch.size(); b++) {
                var grid = DetectionGrid.of(batch.get(b));
                for (int i = 0; i < n; i++) {
                    if (grid.classes()[i] != DetectionGrid.NONE) {
                        presence[b * n + i] = 1;
                        places.add((long) b * n + i);
                        classes.add((long) grid.classes()[i]);
                        colours.add((long) grid.colours()[i]);
                        for (int k = 0; k < BOX; k++) {
                            boxes.add(grid.boxes()[BOX * i + k]);
                        }
                    }
                }
            }
            var values = new float[boxes.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = boxes.get(i);
            }
            return new Truth(
                    Tensor.of(presence, presence.length),
                    numbers(places),
                    numbers(classes),
                    numbers(colours),
                    Tensor.of(values, places.size(), BOX));
        }

        private static Tensor numbers(List<Long> values) {
            return Tensor.of(values.stream().mapToLong(Long::longValue).toArray(), values.size());
        }
    }
}
