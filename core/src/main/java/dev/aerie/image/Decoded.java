package dev.aerie.image;

/// A picture as its file stores it, and how it should be turned.
record Decoded(Picture picture, Orientation orientation) {

    Decoded(Picture picture) {
        this(picture, Orientation.NORMAL);
    }
}
