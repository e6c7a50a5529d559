package dev.aerie.lab.world;

import java.util.Locale;

/// The kinds of pictures, with their shares.
public enum Kind {
    /// One to five coloured shapes.
    SCENE(30),
    /// One to three words in coloured boxes.
    SIGNS(17),
    /// Two to four lines of text.
    LINES(12),
    /// Bars, a line of points or a pie.
    CHART(15),
    /// Two to four lines `key: value`.
    DOC(13),
    /// Nodes with letters and arrows between them.
    DIAGRAM(8),
    /// A rectangle or a right triangle with its measures.
    GEOMETRY(5);

    private final int percent;

    Kind(int percent) {
        this.percent = percent;
    }

    /// The share of all pictures, from 0 to 1.
    public double share() {
        return percent / 100.0;
    }

    /// The name in lower case.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Kind any(SplitMix64 dice) {
        var left = dice.below(100);
        for (var kind : values()) {
            left -= kind.percent;
            if (left < 0) {
                return kind;
            }
        }
        throw new AssertionError("the shares add up to 100");
    }

    /// What such a picture shows.
    Content content(SplitMix64 dice) {
        return switch (this) {
            case SCENE -> Shapes.random(dice);
            case SIGNS -> Signs.random(dice);
            case LINES -> TextLines.random(dice);
            case CHART -> Chart.random(dice);
            case DOC -> Form.random(dice);
            case DIAGRAM -> Diagram.random(dice);
            case GEOMETRY -> Figure.random(dice);
        };
    }
}
