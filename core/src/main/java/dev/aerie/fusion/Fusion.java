package dev.aerie.fusion;

import dev.aerie.tensor.Tensor;
import dev.aerie.vision.FeatureMap;
import java.util.List;

/// Joins the feature maps of several experts into one row of features per picture.
public interface Fusion {

    /// @param maps one per expert, in the mixture's order
    /// @return `[B, tokens, channels]`
    Tensor fuse(List<FeatureMap> maps);

    /// Visual tokens per picture.
    int tokens();

    /// Channels of a token, before the projector.
    int channels();
}
