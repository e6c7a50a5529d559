package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import dev.aerie.text.Template;
import java.util.Optional;

/// How a checkpoint is opened.
///
/// @param precision what encoders and prompt compute in: F32, the reference, or BF16. Weights stay as they are stored
/// @param clipInput side of CLIP's picture in a mixture: 336 as in the released code, or 448 as in the paper
/// @param template  of the prompts; guessed from the tokenizer when empty
/// @param progress  hears of the experts while a picture is encoded
/// @param wholePrompt lets a prompt be as long as the model's context; else it is cut to the length the model was
///     trained with (`tokenizer_model_max_length`), its end being lost, as in the reference
public record LoadOptions(
        DType precision, int clipInput, Optional<Template> template, Progress progress, boolean wholePrompt) {

    public static final LoadOptions DEFAULT = new LoadOptions(DType.F32, 336, Optional.empty(), Progress.SILENT, false);

    public LoadOptions {
        if (precision != DType.F32 && precision != DType.BF16) {
            throw new AerieException("cannot compute in " + precision + ": expected F32 or BF16");
        }
        if (clipInput < 14 || clipInput > 4096 || clipInput % 14 != 0) {
            throw new AerieException("cannot give CLIP pictures of " + clipInput
                    + " pixels: expected a multiple of 14, such as 336 (released code) or 448 (paper)");
        }
    }

    public LoadOptions withPrecision(DType other) {
        return new LoadOptions(other, clipInput, template, progress, wholePrompt);
    }
}
