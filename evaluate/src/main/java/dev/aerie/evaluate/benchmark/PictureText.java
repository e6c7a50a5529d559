package dev.aerie.evaluate.benchmark;

/// A picture that stands in a record as text in base 64.
public final class PictureText {

    /// Begins such a picture's name.
    public static final String PREFIX = "base64:";

    private PictureText() {}
}
