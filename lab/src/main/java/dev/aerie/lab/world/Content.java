package dev.aerie.lab.world;

/// What a picture shows, before it is drawn.
sealed interface Content permits Shapes, Signs, TextLines, Chart, Form, Diagram, Figure {

    /// Draws it; colours and places that no question asks about are taken from the dice.
    void paint(Painter painter, SplitMix64 dice);

    /// Says all of it.
    String caption();

    void ask(Quiz quiz);
}
