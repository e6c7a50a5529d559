package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import dev.aerie.text.Template;
import dev.aerie.tiling.TilingChoice;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How a checkpoint is opened.
///
/// @param precision what encoders and prompt compute in: F32, the reference, or BF16. Weights stay as they are stored
/// @param clipInput side of CLIP's picture where the configuration does not say it: 336 as in the released code, or
///     448 as in the paper
/// @param template  of the prompts; guessed from the tokenizer when empty
/// @param progress  hears of the experts while a picture is encoded
/// @param wholePrompt lets a prompt be as long as the model's context; else one with pictures is cut to the length the
///     model was trained with (`tokenizer_model_max_length`), its end being lost, as in the reference
/// @param towers    where vision towers lie that are not in the checkpoint
/// @param tiling    how pictures are looked at in tiles, where it is not as the checkpoint says
/// @param looking   which experts look at pictures, where the fusion can do with some
public record LoadOptions(
        DType precision,
        int clipInput,
        Optional<Template> template,
        Progress progress,
        boolean wholePrompt,
        Towers towers,
        Optional<TilingChoice> tiling,
        Looking looking) {

    /// Folders or files of vision towers that were released apart from the checkpoints that use them.
    ///
    /// @param vision the CLIP that `mm_vision_tower` names
    /// @param aux    the ConvNeXt that `mm_vision_tower_aux` names
    public record Towers(Optional<Path> vision, Optional<Path> aux) {

        /// All in the checkpoint.
        public static final Towers INSIDE = new Towers(Optional.empty(), Optional.empty());

        /// For people: empty where all are in the checkpoint.
        public String text() {
            return Stream.of(vision, aux)
                    .flatMap(Optional::stream)
                    .map(Path::toString)
                    .collect(Collectors.joining(", "));
        }
    }

    public static final LoadOptions DEFAULT =
            new LoadOptions(DType.F32, EagleModel.CLIP_INPUT, Optional.empty(), Progress.SILENT, false);

    public LoadOptions(
            DType precision, int clipInput, Optional<Template> template, Progress progress, boolean wholePrompt) {
        this(precision, clipInput, template, progress, wholePrompt, Towers.INSIDE, Optional.empty(), Looking.AS_ASKED);
    }

    public LoadOptions {
        if (precision != DType.F32 && precision != DType.BF16) {
            throw new AerieException("cannot compute in " + precision + ": expected F32 or BF16");
        }
        if (clipInput < 14 || clipInput > 4096 || clipInput % 14 != 0) {
            throw new AerieException("cannot give CLIP pictures of " + clipInput
                    + " pixels: expected a multiple of 14, such as 336 (released code) or 448 (paper)");
        }
    }

    public LoadOptions withTowers(Towers other) {
        return new LoadOptions(precision, clipInput, template, progress, wholePrompt, other, tiling, looking);
    }

    public LoadOptions withPrecision(DType other) {
        return new LoadOptions(other, clipInput, template, progress, wholePrompt, towers, tiling, looking);
    }

    public LoadOptions withTiling(TilingChoice other) {
        return new LoadOptions(
                precision, clipInput, template, progress, wholePrompt, towers, Optional.of(other), looking);
    }

    public LoadOptions withLooking(Looking other) {
        return new LoadOptions(precision, clipInput, template, progress, wholePrompt, towers, tiling, other);
    }
}
