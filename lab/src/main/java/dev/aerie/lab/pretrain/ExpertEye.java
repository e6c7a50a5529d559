package dev.aerie.lab.pretrain;

import dev.aerie.image.Picture;
import dev.aerie.lab.world.Drawing;
import dev.aerie.tensor.DType;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import dev.aerie.vision.VisionExpert;
import java.util.List;

/// An expert that looks at pictures in its own size.
public record ExpertEye(VisionExpert expert, Pixels pixels) implements Eye {

    /// @param precision that the expert computes in
    public static ExpertEye of(VisionExpert expert, DType precision) {
        return new ExpertEye(expert, new Pixels(expert.spec().input(), precision));
    }

    @Override
    public ExpertSpec spec() {
        return expert.spec();
    }

    @Override
    public FeatureMap look(List<Drawing> batch) {
        return expert.encode(pixels.of(batch));
    }

    /// What is seen of any pictures of [dev.aerie.lab.world.World#SIDE] pixels in each direction.
    public FeatureMap lookAt(List<Picture> pictures) {
        return expert.encode(pixels.ofPictures(pictures));
    }
}
