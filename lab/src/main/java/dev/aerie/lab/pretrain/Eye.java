package dev.aerie.lab.pretrain;

import dev.aerie.lab.world.Drawing;
import dev.aerie.tensor.DType;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import dev.aerie.vision.VisionExpert;
import java.util.List;

/// An expert as a task sees it: pictures go in, maps come out.
public interface Eye {

    ExpertSpec spec();

    /// What is seen of a batch of pictures.
    FeatureMap look(List<Drawing> batch);

    /// An expert that looks at pictures of its own size.
    ///
    /// @param precision that it computes in
    static Eye of(VisionExpert expert, DType precision) {
        var pixels = new Pixels(expert.spec().input(), precision);
        return new Eye() {
            @Override
            public ExpertSpec spec() {
                return expert.spec();
            }

            @Override
            public FeatureMap look(List<Drawing> batch) {
                return expert.encode(pixels.of(batch));
            }
        };
    }
}
