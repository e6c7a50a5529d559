package dev.aerie.eagle;

import dev.aerie.image.Picture;
import java.util.List;

/// A question about pictures, or without any.
public record Question(String text, List<Picture> pictures) {

    public Question {
        pictures = List.copyOf(pictures);
    }
}
