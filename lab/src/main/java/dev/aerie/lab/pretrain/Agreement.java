package dev.aerie.lab.pretrain;

import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.World;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.train.data.TorchRandom;
import dev.aerie.vision.VisionExpert;
import java.util.Arrays;
import java.util.List;

/// Self-supervision, DINOv2's stand-in: two views of a picture, in other colours and with other parts hidden, are to
/// give the same features place by place. That all features become one is kept off by their variances and covariances
/// (VICReg, Bardes et al., 2022, whose weights are used), so that no second network is needed as a teacher.
public final class Agreement implements Task {

    private static final int WIDTH = 128;
    private static final double INVARIANCE_WEIGHT = 25;
    private static final double VARIANCE_WEIGHT = 25;
    private static final double EPSILON = 1e-4;

    private static final int PATCH = 16;
    private static final double HIDDEN = 0.3;
    private static final double GAIN = 0.2;
    private static final double OFFSET = 0.3;

    private final VisionExpert expert;
    private final Linear head;
    private final Pixels pixels;

    /// @param head at the name of the projection, which the finished expert does without
    public Agreement(VisionExpert expert, ParameterSource head, DType precision) {
        this.expert = expert;
        pixels = new Pixels(expert.spec().input(), precision);
        this.head = new Linear(head.at("features"), expert.spec().channels(), WIDTH);
    }

    /// Features `[B · N, WIDTH]` of a view of each picture.
    private Tensor features(List<Drawing> batch, int view) {
        var tokens =
                expert.encode(pixels.of(batch, drawing -> view(drawing, view))).tokens(); // [B, N, C]
        return head.apply(tokens).to(DType.F32).flatten(0, 1);
    }

    /// Normalised pixels `[3, SIDE, SIDE]`, each channel in a contrast and brightness of its own, some patches grey.
    private static float[] view(Drawing drawing, int view) {
        var dice = new TorchRandom(2 * drawing.seed() + view);
        var pixels = Pixels.normalised(drawing);
        int plane = World.SIDE * World.SIDE;
        for (int c = 0; c < 3; c++) {
            float gain = (float) (1 + GAIN * either(dice));
            float offset = (float) (OFFSET * either(dice));
            for (int i = c * plane; i < (c + 1) * plane; i++) {
                pixels[i] = pixels[i] * gain + offset;
            }
        }
        for (int y = 0; y < World.SIDE; y += PATCH) {
            for (int x = 0; x < World.SIDE; x += PATCH) {
                if (either(dice) < 2 * HIDDEN - 1) {
                    hide(pixels, x, y);
                }
            }
        }
        return pixels;
    }

    private static void hide(float[] pixels, int left, int top) {
        for (int c = 0; c < 3; c++) {
            for (int y = top; y < top + PATCH; y++) {
                int row = (c * World.SIDE + y) * World.SIDE;
                Arrays.fill(pixels, row + left, row + left + PATCH, 0);
            }
        }
    }

    /// From −1 to 1.
    private static double either(TorchRandom dice) {
        return dice.nextInt() / 2147483648.0;
    }

    @Override
    public Tensor loss(List<Drawing> batch) {
        var a = features(batch, 0);
        var b = features(batch, 1);
        var away = a.minus(b);
        return away.times(away).mean().times(INVARIANCE_WEIGHT).plus(spread(a).plus(spread(b)));
    }

    /// Small where the features of places vary, each by about 1 and in its own way.
    private static Tensor spread(Tensor features) {
        long n = features.size(0);
        var centred = features.minus(features.mean(0).unsqueeze(0)); // [B · N, D]
        var variance = centred.times(centred).mean(0); // [D]
        var lacking = variance.plus(EPSILON).sqrt().negate().plus(1).atLeast(0).mean();
        var covariance = centred.transpose(0, 1).matmul(centred).divide((double) n); // [D, D]
        var own = variance.times(variance).sum();
        var shared = covariance.times(covariance).sum().minus(own).divide(WIDTH);
        return lacking.times(VARIANCE_WEIGHT).plus(shared);
    }

    /// The share of places whose nearest in the other view of the same picture is the same place.
    @Override
    public double score(List<Drawing> heldOut) {
        return Gradients.without(() -> {
            try (var _ = TensorScope.open()) {
                int found = 0;
                int places = 0;
                for (var drawing : heldOut) {
                    var a = unit(features(List.of(drawing), 0)); // [N, D]
                    var b = unit(features(List.of(drawing), 1));
                    var nearest = a.matmul(b.transpose(0, 1)).argmax(1).toLongs();
                    for (int i = 0; i < nearest.length; i++) {
                        found += nearest[i] == i ? 1 : 0;
                    }
                    places += nearest.length;
                }
                return (double) found / places;
            }
        });
    }

    private static Tensor unit(Tensor x) {
        var centred = x.minus(x.mean(0).unsqueeze(0));
        return centred.divide(centred.times(centred).sum(1).plus(EPSILON).sqrt().unsqueeze(1));
    }

    @Override
    public String measure() {
        return "places found again";
    }
}
