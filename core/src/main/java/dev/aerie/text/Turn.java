package dev.aerie.text;

import org.jspecify.annotations.Nullable;

/// One exchange: a question, `images` pictures that stand before it, and the answer, null where it is still to come.
///
/// The question is literal text: `<image>` in it is a word. Only in a `marked` turn, the reference's raw style, the
/// question stands in the prompt as it is and each `<image>` in it is the place of a picture.
public record Turn(String question, int images, @Nullable String answer, boolean marked) {

    public Turn {
        if (images < 0) {
            throw new IllegalArgumentException("a turn cannot have " + images + " images");
        }
    }

    public Turn(String question, int images, @Nullable String answer) {
        this(question, images, answer, false);
    }

    /// A turn whose answer is still to come.
    public static Turn open(String question, int images) {
        return new Turn(question, images, null);
    }

    /// A turn in the reference's raw style; never for what a user wrote.
    public static Turn marked(String question, @Nullable String answer) {
        var images = question.split(ImageSlots.MARKER, -1).length - 1;
        return new Turn(question, images, answer, true);
    }

    /// The same question with its answer.
    public Turn answered(String text) {
        return new Turn(question, images, text, marked);
    }
}
