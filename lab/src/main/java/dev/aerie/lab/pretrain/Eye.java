package dev.aerie.lab.pretrain;

import dev.aerie.lab.world.Drawing;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import java.util.List;

/// An expert as a task sees it: pictures go in, maps come out.
public interface Eye {

    ExpertSpec spec();

    /// What is seen of a batch of pictures.
    FeatureMap look(List<Drawing> batch);
}
