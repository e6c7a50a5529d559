package dev.aerie.vision;

import dev.aerie.nn.Between;
import dev.aerie.tensor.Tensor;

/// An expert that knows pixels with mean and deviation 0.5, in a mixture, where all experts are handed pixels with
/// CLIP's.
record Renormalised(VisionExpert expert) implements VisionExpert {

    @Override
    public ExpertSpec spec() {
        return expert.spec();
    }

    @Override
    public FeatureMap encode(Tensor pixels, Between between) {
        return expert.encode(PatchSequence.plain(pixels).times(2).plus(-1), between);
    }
}
