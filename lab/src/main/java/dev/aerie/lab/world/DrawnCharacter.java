package dev.aerie.lab.world;

/// A character in a picture and its centre, in pixels from the top left corner. The digits and the lower-case letters
/// are characters (drawn as capitals); the colon of a field is not.
public record DrawnCharacter(char character, double x, double y) {}
