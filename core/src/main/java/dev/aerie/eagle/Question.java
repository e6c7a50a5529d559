package dev.aerie.eagle;

import dev.aerie.image.Picture;
import dev.aerie.text.Turn;
import java.util.List;

/// A question about pictures, or without any. Its text is literal: `<image>` or `</s>` in it are words.
///
/// @param marked the reference's raw style instead: each `<image>` in the text is the place of a picture, and
/// what looks like a control token is one
public record Question(String text, List<Picture> pictures, boolean marked) {

    public Question(String text, List<Picture> pictures) {
        this(text, pictures, false);
    }

    public Question {
        pictures = List.copyOf(pictures);
    }

    Turn turn() {
        return marked ? Turn.marked(text, null) : Turn.open(text, pictures.size());
    }
}
