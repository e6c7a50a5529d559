package dev.aerie.text;

/// A stretch of a prompt and who wrote it. Control tokens (`</s>`, `<|eot_id|>`, …) are recognised only where they lie
/// wholly in trusted text; what a user wrote is never trusted.
public record Span(String text, boolean trusted) {

    public static Span trusted(String text) {
        return new Span(text, true);
    }

    /// Text that is taken literally, whatever it looks like.
    public static Span literal(String text) {
        return new Span(text, false);
    }
}
