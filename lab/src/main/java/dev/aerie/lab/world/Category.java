package dev.aerie.lab.world;

import java.util.List;
import java.util.Locale;

/// The classes of things in pictures. The first seven are the shapes of scenes.
public enum Category {
    CIRCLE("circles"),
    SQUARE("squares"),
    TRIANGLE("triangles"),
    STAR("stars"),
    CROSS("crosses"),
    DIAMOND("diamonds"),
    RING("rings"),
    /// A sign with its text.
    BOX("boxes"),
    /// A line of text.
    LINE("lines"),
    BAR("bars"),
    /// A point of a line chart.
    POINT("points"),
    /// A slice of a pie chart.
    SLICE("slices"),
    /// A line `key: value`.
    FIELD("fields"),
    /// A node of a diagram.
    NODE("nodes"),
    /// A rectangle with its measures.
    RECTANGLE("rectangles"),
    /// A right triangle with its measures.
    RIGHT_TRIANGLE("triangles");

    static final List<Category> SHAPES = List.of(CIRCLE, SQUARE, TRIANGLE, STAR, CROSS, DIAMOND, RING);

    private final String plural;

    Category(String plural) {
        this.plural = plural;
    }

    /// The word for one; a right triangle is called a triangle.
    public String word() {
        return this == RIGHT_TRIANGLE ? TRIANGLE.word() : name().toLowerCase(Locale.ROOT);
    }

    /// The word for several.
    public String plural() {
        return plural;
    }
}
