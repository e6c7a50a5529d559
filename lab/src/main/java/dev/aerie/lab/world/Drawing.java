package dev.aerie.lab.world;

import dev.aerie.image.Picture;
import java.util.List;

/// A picture and all that is to be known about it.
///
/// @param picture [World#SIDE] pixels wide and high
/// @param caption all that is in it, in sentences that end in full stops
/// @param questions 4 to 20, each with its only right answer
/// @param objects in the order they were drawn
/// @param notes all of it in words, where it is
/// @param characters in reading order within a word
public record Drawing(
        long seed,
        Kind kind,
        Picture picture,
        String caption,
        List<Question> questions,
        List<DrawnObject> objects,
        List<DrawnCharacter> characters,
        List<Note> notes,
        InstanceMap instances) {

    public Drawing {
        questions = List.copyOf(questions);
        objects = List.copyOf(objects);
        characters = List.copyOf(characters);
        notes = List.copyOf(notes);
    }
}
