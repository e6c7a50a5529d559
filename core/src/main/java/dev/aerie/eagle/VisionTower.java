package dev.aerie.eagle;

import dev.aerie.tensor.Tensor;
import dev.aerie.vision.ExpertSpec;
import java.util.List;

/// What the language model sees through: one expert or a mixture of them.
public interface VisionTower {

    /// The experts in order; their names label progress and reports.
    List<ExpertSpec> experts();

    /// Side of the square pictures it takes, in pixels.
    int input();

    /// Visual tokens per picture.
    int tokens();

    /// Channels of a token.
    int channels();

    /// Features `[B, tokens, channels]` of normalised pixels `[B, 3, S, S]`, S being [#input].
    Tensor encode(Tensor pixels, Progress progress);
}
