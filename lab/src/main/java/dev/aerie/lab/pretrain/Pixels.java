package dev.aerie.lab.pretrain;

import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.World;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;
import java.util.List;

/// Pictures as an expert of a mixture gets them.
public record Pixels(int input, DType precision) {

    private static final ImageProcessor PROCESSOR = ImageProcessor.clip(World.SIDE, Aspect.SQUARE);

    /// `[B, 3, input, input]`, normalised.
    public Tensor of(List<Drawing> batch) {
        int side = World.SIDE;
        var values = new float[batch.size() * 3 * side * side];
        int at = 0;
        for (var drawing : batch) {
            var one = PROCESSOR.normalise(drawing.picture());
            System.arraycopy(one, 0, values, at, one.length);
            at += one.length;
        }
        var pixels = Tensor.of(values, batch.size(), 3, side, side);
        return Interpolation.BILINEAR_ALIGNED.resize(pixels, input, input).to(precision);
    }
}
