package dev.aerie.eagle;

import dev.aerie.fusion.FusionSpec;
import dev.aerie.fusion.Places;
import dev.aerie.fusion.Routes;
import dev.aerie.fusion.Seen;
import dev.aerie.image.Size;
import dev.aerie.nn.Beside;
import dev.aerie.nn.Between;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.ExpertSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// What the language model sees through: one expert or a mixture of them.
public interface VisionTower {

    /// The experts in order; their names label progress and reports.
    List<ExpertSpec> experts();

    /// Side of the square pictures it takes, in pixels.
    int input();

    /// How the experts are joined.
    FusionSpec fusion();

    /// Visual tokens per picture.
    default int tokens() {
        return fusion().tokens();
    }

    /// The map of tokens, across and down, that a picture of this size in pixels becomes; empty where tokens have no
    /// places in the picture, or something stands beside them.
    Optional<Size> map(int width, int height);

    /// Side of the map of a picture of [#input] before the fusion merges tokens, where it does.
    int unmerged();

    /// Channels of a token.
    default int channels() {
        return fusion().channels();
    }

    /// Features `[B, tokens, channels]` of normalised pixels `[B, 3, S, S]`, S being [#input]; or those of another
    /// size, where there is a [#map] of it.
    ///
    /// @param routes  which experts look at which pictures
    /// @param experts is called between the blocks of expert i
    /// @param fusion  is told of what several blocks read
    Seen encode(Tensor pixels, Routes routes, Progress progress, IntFunction<Between> experts, Between fusion);

    default Seen encode(Tensor pixels, Routes routes, Progress progress) {
        return encode(pixels, routes, progress, _ -> Between.NOTHING, Between.NOTHING);
    }

    default Seen encode(Tensor pixels, Progress progress) {
        return encode(pixels, Routes.ALL, progress);
    }

    /// What happens between the decoder's layers.
    ///
    /// @param places where the pictures stand in the decoder's rows
    /// @param beside what was kept for the decoder, of all pictures; empty without pictures
    default Beside beside(Places places, List<Tensor> beside) {
        return Beside.NOTHING;
    }
}
