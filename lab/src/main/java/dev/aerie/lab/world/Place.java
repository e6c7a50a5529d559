package dev.aerie.lab.world;

import java.util.List;

/// The nine places of a picture, in reading order.
enum Place {
    TOP_LEFT("top left"),
    TOP("top"),
    TOP_RIGHT("top right"),
    LEFT("left"),
    MIDDLE("middle"),
    RIGHT("right"),
    BOTTOM_LEFT("bottom left"),
    BOTTOM("bottom"),
    BOTTOM_RIGHT("bottom right");

    static final List<Place> ALL = List.of(values());

    final String words;

    Place(String words) {
        this.words = words;
    }

    int column() {
        return ordinal() % 3;
    }

    int row() {
        return ordinal() / 3;
    }
}
