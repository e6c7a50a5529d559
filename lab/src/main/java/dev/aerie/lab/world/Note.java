package dev.aerie.lab.world;

import java.util.List;

/// What is to be known at a point of a picture, in pixels from its top left corner: a character that stands there, or
/// what a thing is called, and what it belongs to.
///
/// @param words of the vocabulary, or single characters
public record Note(double x, double y, List<String> words) {

    public Note {
        words = List.copyOf(words);
    }
}
