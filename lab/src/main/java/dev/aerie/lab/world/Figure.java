package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.List;

/// A rectangle or a right triangle, drawn to scale, with its width below and its height on the left.
///
/// @param category [Category#RECTANGLE], which is no square, or [Category#RIGHT_TRIANGLE]
/// @param width from 2 to 9, as the height
record Figure(Category category, Colour colour, int width, int height) implements Content {

    private static final int LEAST = 2;
    private static final int MOST = 9;
    private static final double UNIT = 8;
    private static final double LEFT_MARGIN = 24;
    private static final double TOP_MARGIN = 6;
    private static final double RIGHT_MARGIN = 4;
    private static final double BOTTOM_MARGIN = 20;
    private static final double LABEL_DISTANCE = 10;
    private static final double ADVANCE = 12;

    static Figure random(SplitMix64 dice) {
        var category = dice.chance(0.5) ? Category.RECTANGLE : Category.RIGHT_TRIANGLE;
        var width = dice.between(LEAST, MOST);
        var height = dice.between(LEAST, MOST);
        while (category == Category.RECTANGLE && width == height) {
            height = dice.between(LEAST, MOST);
        }
        return new Figure(category, dice.pick(Colour.BRIGHT), width, height);
    }

    @Override
    public void paint(Painter painter, SplitMix64 dice) {
        var w = UNIT * width;
        var h = UNIT * height;
        var x = dice.between(LEFT_MARGIN, World.SIDE - RIGHT_MARGIN - w);
        var y = dice.between(TOP_MARGIN, World.SIDE - BOTTOM_MARGIN - h);
        painter.object(category, colour, colour.rgb(dice), () -> {
            if (category == Category.RECTANGLE) {
                painter.raster().rectangle(x, y, w, h);
            } else {
                painter.raster().polygon(x, y, x, y + h, x + w, y + h);
            }
        });
        painter.note(x + w / 3, y + 2 * h / 3, List.of(colour.word(), category.word()));
        label(painter, width, x + w / 2, y + h + LABEL_DISTANCE, "width");
        label(painter, height, x - LABEL_DISTANCE, y + h / 2, "height");
    }

    private static void label(Painter painter, int measure, double x, double y, String of) {
        painter.centred(Integer.toString(measure), x, y, ADVANCE, Colour.BLACK.rgb(), List.of(of));
    }

    @Override
    public String caption() {
        return colour.word() + " " + category.word() + " width " + width + " height " + height + ".";
    }

    @Override
    public void ask(Quiz quiz) {
        var questions = new ArrayList<Question>();
        questions.add(math("what is the width?", width));
        questions.add(math("what is the height?", height));
        questions.add(math("what is the width plus the height?", width + height));
        questions.add(
                category == Category.RECTANGLE
                        ? math("what is the area?", width * height)
                        : math("what is the width times the height?", width * height));
        questions.add(new Question(Family.MATH, "which shape is it?", category.word()));
        questions.add(new Question(Family.MATH, "what colour is it?", colour.word()));
        if (width != height) {
            var wide = quiz.dice().chance(0.5);
            questions.add(Question.yesNo(
                    Family.MATH, wide ? "is it wider than high?" : "is it higher than wide?", wide == width > height));
        }
        quiz.some(questions.size(), questions);
    }

    private static Question math(String text, int answer) {
        return new Question(Family.MATH, text, Integer.toString(answer));
    }
}
