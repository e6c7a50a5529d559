package dev.aerie.eagle;

import dev.aerie.image.Size;
import java.util.List;

/// Whose layout a checkpoint's vision part has.
public sealed interface Layout {

    /// Eagle's mixture, or LLaVA's single CLIP.
    Layout EAGLE = new Eagle();

    /// Names of mixtures tell which experts there are; a name with a slash is one CLIP.
    record Eagle() implements Layout {}

    /// LLaVA-NeXT: LLaVA's CLIP, which looks at a picture and at tiles of it.
    ///
    /// @param canvases sizes in pixels that pictures are fitted into, in tiles of the CLIP's own size
    record LlavaNext(List<Size> canvases) implements Layout {
        public LlavaNext {
            canvases = List.copyOf(canvases);
        }
    }

    /// LLaVA-HR: a CLIP (`fast_vision_tower`) and a ConvNeXt (`slow_vision_tower`), both in the checkpoint.
    ///
    /// @param input   side of the pictures
    /// @param epsilon of ConvNeXt's norms
    /// @param frozen  the encoders stayed as they were (`freeze_vision`): no adapter lies between CLIP's blocks
    record LlavaHr(int input, double epsilon, boolean frozen) implements Layout {

        /// Side of CLIP's pictures: so many patches of 14 as ConvNeXt has cells of 32, at least 336 pixels.
        int fast() {
            return Math.max(input * 14 / 32, 336);
        }
    }

    /// Mini-Gemini: LLaVA's CLIP, and a ConvNeXt of OpenCLIP, both in folders of their own.
    ///
    /// @param input   side of ConvNeXt's pictures; CLIP's are made from them
    /// @param epsilon of ConvNeXt's norms
    record MiniGemini(int input, double epsilon) implements Layout {}
}
