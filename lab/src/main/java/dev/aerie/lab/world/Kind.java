package dev.aerie.lab.world;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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

    /// One of these kinds, in the proportions of their shares.
    static Kind any(SplitMix64 dice, List<Kind> kinds) {
        var left = dice.below(kinds.stream().mapToInt(kind -> kind.percent).sum());
        for (var kind : kinds) {
            left -= kind.percent;
            if (left < 0) {
                return kind;
            }
        }
        throw new AssertionError("what is drawn is less than the sum");
    }

    /// The families of questions that are asked about such pictures.
    Set<Family> families() {
        return switch (this) {
            case SCENE -> EnumSet.of(Family.GQA, Family.POPE, Family.COUNT);
            case SIGNS -> EnumSet.of(Family.TEXT, Family.COUNT);
            case LINES -> EnumSet.of(Family.OCR, Family.COUNT);
            case CHART -> EnumSet.of(Family.CHART, Family.COUNT);
            case DOC -> EnumSet.of(Family.DOC, Family.COUNT);
            case DIAGRAM -> EnumSet.of(Family.DIAG, Family.COUNT);
            case GEOMETRY -> EnumSet.of(Family.MATH);
        };
    }

    /// What such a picture shows.
    Content content(SplitMix64 dice, Setting setting) {
        return switch (this) {
            case SCENE -> Shapes.random(dice);
            case SIGNS -> Signs.random(dice, setting);
            case LINES -> TextLines.random(dice, setting);
            case CHART -> Chart.random(dice);
            case DOC -> Form.random(dice);
            case DIAGRAM -> Diagram.random(dice);
            case GEOMETRY -> Figure.random(dice);
        };
    }
}
