package dev.aerie.image;

/// What becomes of a picture that is not square.
public enum Aspect {
    /// Set in the middle of a square of the mean colour (`image_aspect_ratio: pad`): nothing is lost.
    PAD,
    /// The shorter side is resized to the size and the middle is cut out (`image_aspect_ratio: square`): the ends of a
    /// long picture are lost.
    SQUARE,
    /// Both sides are resized to the size, as SigLIP's processor does: the picture is distorted.
    RESIZE
}
