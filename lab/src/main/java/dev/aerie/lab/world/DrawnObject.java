package dev.aerie.lab.world;

import dev.aerie.image.Box;

/// A thing in a picture.
///
/// @param colour of a node or a tinted sign: the colour it is tinted with
/// @param box the smallest that holds all its pixels
public record DrawnObject(Category category, Colour colour, Box box) {}
