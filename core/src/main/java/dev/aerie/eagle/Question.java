package dev.aerie.eagle;

import dev.aerie.image.Picture;
import dev.aerie.text.Turn;
import java.util.List;

/// A question about pictures, or without any. Its text is literal: `<image>` or `</s>` in it are words.
///
/// @param marked the reference's raw style instead: each `<image>` in the text is the place of a picture, and
/// what looks like a control token is one
/// @param choosesBy the text by which the model chooses its experts, where it does: the question
/// without what was put before it
public record Question(String text, List<Picture> pictures, boolean marked, String choosesBy) {

    public Question(String text, List<Picture> pictures, boolean marked) {
        this(text, pictures, marked, text);
    }

    public Question(String text, List<Picture> pictures) {
        this(text, pictures, false);
    }

    public Question {
        pictures = List.copyOf(pictures);
    }

    /// The same with text before it, such as what was found in its pictures.
    public Question behind(String before) {
        return before.isEmpty() ? this : new Question(before + " " + text, pictures, marked, choosesBy);
    }

    Turn turn() {
        return marked ? Turn.marked(text, null) : Turn.open(text, pictures.size());
    }
}
