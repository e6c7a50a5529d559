package dev.aerie.eagle;

import dev.aerie.nn.Between;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.ExpertSpec;
import java.util.List;
import java.util.function.IntFunction;

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
    ///
    /// @param between is called between the blocks of expert i
    Tensor encode(Tensor pixels, Progress progress, IntFunction<Between> between);

    default Tensor encode(Tensor pixels, Progress progress) {
        return encode(pixels, progress, _ -> Between.NOTHING);
    }
}
