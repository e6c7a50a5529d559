package dev.aerie.vision;

import dev.aerie.nn.Between;
import dev.aerie.tensor.Tensor;

/// A vision encoder. Immutable and shared by threads; it computes in the type of the pixels.
public interface VisionExpert {

    ExpertSpec spec();

    /// Encodes normalised pixels `[B, 3, S, S]`, S being `spec().input()` or another size that the expert can take.
    ///
    /// @param between is called between its blocks
    FeatureMap encode(Tensor pixels, Between between);

    default FeatureMap encode(Tensor pixels) {
        return encode(pixels, Between.NOTHING);
    }
}
