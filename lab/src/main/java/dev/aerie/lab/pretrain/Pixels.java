package dev.aerie.lab.pretrain;

import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.image.Picture;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.World;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/// Pictures as an expert of a mixture gets them.
public record Pixels(int input, DType precision) {

    private static final ImageProcessor PROCESSOR = ImageProcessor.clip(World.SIDE, Aspect.SQUARE);

    /// `[B, 3, input, input]`, normalised.
    public Tensor of(List<Drawing> batch) {
        return of(batch, Pixels::normalised);
    }

    /// The same of pictures that have [World#SIDE] pixels in each direction.
    Tensor ofPictures(List<Picture> batch) {
        return of(batch, PROCESSOR::normalise);
    }

    /// `[3, SIDE, SIDE]`
    static float[] normalised(Drawing drawing) {
        return PROCESSOR.normalise(drawing.picture());
    }

    /// The same of views of the pictures.
    ///
    /// @param view `[3, SIDE, SIDE]` of a picture, normalised
    <T> Tensor of(List<T> batch, Function<T, float[]> view) {
        int side = World.SIDE;
        var values = new float[batch.size() * 3 * side * side];
        int at = 0;
        for (var drawing : batch) {
            var one = view.apply(drawing);
            System.arraycopy(one, 0, values, at, one.length);
            at += one.length;
        }
        var pixels = Tensor.of(values, batch.size(), 3, side, side);
        return Interpolation.BILINEAR_ALIGNED.resize(pixels, input, input).to(precision);
    }
}
