package dev.aerie.train.data;

import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Tiled;
import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.image.Picture;
import dev.aerie.tiling.Tiling;
import java.util.Optional;

/// How pictures are shown to a model: as a whole, or in tiles.
///
/// @param processor   prepares the whole
/// @param wholeTokens of a picture that is shown as a whole
/// @param tiling      where it is shown in tiles instead
public record Viewing(ImageProcessor processor, int wholeTokens, Optional<Tiling> tiling) {

    private static final int EAGLE_INPUT = 1024;
    private static final int EAGLE_TOKENS = 1024;

    /// Of a model that sees nothing.
    public static final Viewing NONE = new Viewing(ImageProcessor.clip(1, Aspect.PAD), 1);

    /// As a whole.
    public Viewing(ImageProcessor processor, int wholeTokens) {
        this(processor, wholeTokens, Optional.empty());
    }

    /// As Eagle's models look at pictures, for a language model that has no tower yet.
    public static Viewing eagle(Aspect aspect) {
        return new Viewing(ImageProcessor.clip(EAGLE_INPUT, aspect), EAGLE_TOKENS);
    }

    /// As a model looks at pictures.
    public static Viewing of(EagleModel.Vision vision, Aspect aspect) {
        var tower = vision.tower();
        return new Viewing(
                ImageProcessor.clip(tower.input(), aspect),
                tower.tokens(),
                vision.tiled().map(Tiled::tiling));
    }

    /// @param decoded picture of any size
    public Shown show(Picture decoded) {
        return tiling.map(method -> method.of(decoded.width(), decoded.height()))
                .map(tiles -> new Shown(
                        tiles.views().stream().map(view -> view.of(decoded)).toList(),
                        Optional.of(tiles),
                        tiles.tokens()))
                .orElseGet(() -> Shown.whole(processor.prepare(decoded), wholeTokens));
    }

    /// The tokens that it becomes. Nothing is resized.
    public int tokens(Picture decoded) {
        return tiling.map(method -> method.of(decoded.width(), decoded.height()).tokens())
                .orElse(wholeTokens);
    }
}
