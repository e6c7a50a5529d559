package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// A scene: one to five shapes on different places of a grid of three by three, no two alike in shape and colour.
/// They are told in reading order.
record Shapes(List<Shape> shapes) implements Content {

    private static final int MOST = 5;
    private static final double PITCH = 42;
    private static final double SHIFT = 4;
    private static final double TURN = 0.15;
    private static final double SAME_SHAPE = 0.35;
    private static final double SAME_COLOUR = 0.25;

    /// Of the questions about what is not there, those about something like what is there.
    private static final double MISLEADING = 0.8;

    record Shape(Category category, Colour colour, boolean large, Place place) {

        String name() {
            return colour.word() + " " + category.word();
        }

        String size() {
            return large ? "large" : "small";
        }

        List<String> words() {
            return List.of((size() + " " + name() + " " + place.words).split(" "));
        }

        boolean is(Category otherCategory, Colour otherColour) {
            return category == otherCategory && colour == otherColour;
        }
    }

    static Shapes random(SplitMix64 dice) {
        var shapes = new ArrayList<Shape>();
        for (var place : dice.some(dice.between(1, MOST), Place.ALL)) {
            Shape next;
            do {
                var category = !shapes.isEmpty() && dice.chance(SAME_SHAPE)
                        ? shapes.getLast().category
                        : dice.pick(Category.SHAPES);
                var colour = !shapes.isEmpty() && dice.chance(SAME_COLOUR)
                        ? shapes.getLast().colour
                        : dice.pick(Colour.BRIGHT);
                next = new Shape(category, colour, dice.chance(0.5), place);
            } while (isThere(shapes, next.category, next.colour));
            shapes.add(next);
        }
        shapes.sort(Comparator.comparing(Shape::place));
        return new Shapes(List.copyOf(shapes));
    }

    private static boolean isThere(List<Shape> shapes, Category category, Colour colour) {
        return shapes.stream().anyMatch(shape -> shape.is(category, colour));
    }

    @Override
    public void paint(Painter painter, SplitMix64 dice) {
        for (var shape : shapes) {
            var x = World.SIDE / 2.0 + PITCH * (shape.place.column() - 1) + dice.between(-SHIFT, SHIFT);
            var y = World.SIDE / 2.0 + PITCH * (shape.place.row() - 1) + dice.between(-SHIFT, SHIFT);
            var radius = shape.large ? dice.between(13.0, 16.0) : dice.between(7.0, 9.0);
            var turn = dice.between(-TURN, TURN);
            painter.object(
                    shape.category,
                    shape.colour,
                    shape.colour.rgb(dice),
                    () -> Outlines.paint(painter.raster(), shape.category, x, y, radius, turn));
            painter.note(x, y, shape.words());
        }
    }

    @Override
    public String caption() {
        return shapes.stream()
                .map(shape -> shape.size() + " " + shape.name() + " " + shape.place.words + ".")
                .collect(Collectors.joining(" "));
    }

    @Override
    public void ask(Quiz quiz) {
        quiz.some(4, attributes(quiz));
        quiz.some(3, relations(quiz.dice()));
        quiz.some(3, presence(quiz));
        quiz.some(3, counts(quiz.dice()));
    }

    private List<Question> attributes(Quiz quiz) {
        var questions = new ArrayList<Question>();
        for (var shape : shapes) {
            if (count(other -> other.category == shape.category) == 1) {
                gqa(questions, "what colour is the " + shape.category.word() + "?", shape.colour.word());
            }
            if (count(other -> other.colour == shape.colour) == 1) {
                gqa(questions, "which shape is " + shape.colour.word() + "?", shape.category.word());
            }
            gqa(questions, "where is the " + shape.name() + "?", shape.place.words);
            gqa(questions, quiz.words("what size is the ", "how large is the ") + shape.name() + "?", shape.size());
            gqa(questions, "what is at the " + shape.place.words + "?", shape.name());
        }
        return questions;
    }

    private static void gqa(List<Question> questions, String text, String answer) {
        questions.add(new Question(Family.GQA, text, answer));
    }

    /// Half of them true; only about shapes that are in different columns or rows.
    private List<Question> relations(SplitMix64 dice) {
        var questions = new ArrayList<Question>();
        for (var a : shapes) {
            for (var b : shapes) {
                var across = b.place.column() - a.place.column();
                var down = b.place.row() - a.place.row();
                if (across != 0) {
                    var left = dice.chance(0.5);
                    questions.add(relation(a, left ? "left of" : "right of", b, left == across > 0));
                }
                if (down != 0) {
                    var above = dice.chance(0.5);
                    questions.add(relation(a, above ? "above" : "below", b, above == down > 0));
                }
            }
        }
        return questions;
    }

    private static Question relation(Shape a, String how, Shape b, boolean truth) {
        return Question.yesNo(Family.GQA, "is the " + a.name() + " " + how + " the " + b.name() + "?", truth);
    }

    private List<Question> presence(Quiz quiz) {
        var dice = quiz.dice();
        var questions = new ArrayList<Question>();
        for (var i = 0; i < 3; i++) {
            var truth = dice.chance(0.5);
            var shape = dice.pick(shapes);
            var name = truth ? shape.name() : absent(shape, dice);
            questions.add(Question.yesNo(
                    Family.POPE,
                    quiz.words("is there ", "do you see ", "does the picture show ") + article(name) + name + "?",
                    truth));
        }
        return questions.stream().distinct().toList();
    }

    private static String article(String name) {
        return name.startsWith(Colour.ORANGE.word()) ? "an " : "a ";
    }

    /// The name of something that is not there but, mostly, has the colour or the shape of something that is.
    private String absent(Shape like, SplitMix64 dice) {
        while (true) {
            var misleading = dice.chance(MISLEADING);
            var keepShape = dice.chance(0.5);
            var category = misleading && keepShape ? like.category : dice.pick(Category.SHAPES);
            var colour = misleading && !keepShape ? like.colour : dice.pick(Colour.BRIGHT);
            if (!isThere(shapes, category, colour)) {
                return colour.word() + " " + category.word();
            }
        }
    }

    private List<Question> counts(SplitMix64 dice) {
        var category = dice.chance(0.2) ? dice.pick(Category.SHAPES) : dice.pick(shapes).category;
        var colour = dice.chance(0.2) ? dice.pick(Colour.BRIGHT) : dice.pick(shapes).colour;
        var large = dice.chance(0.5);
        return List.of(
                Question.count("how many shapes are there?", shapes.size()),
                Question.count(
                        "how many " + category.plural() + " are there?", count(shape -> shape.category == category)),
                Question.count(
                        "how many " + colour.word() + " shapes are there?", count(shape -> shape.colour == colour)),
                Question.count(
                        "how many " + (large ? "large" : "small") + " shapes are there?",
                        count(shape -> shape.large == large)));
    }

    private int count(Predicate<Shape> which) {
        return (int) shapes.stream().filter(which).count();
    }
}
