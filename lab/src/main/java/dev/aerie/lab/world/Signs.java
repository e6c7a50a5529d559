package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// One to three words in boxes of different colours, half of them outlined and half tinted.
record Signs(List<Sign> signs, Setting.Writing writing) implements Content {

    private static final int MOST = 3;
    private static final double MARGIN = 2;
    private static final double PADDING = 3.5;
    private static final double OUTLINE = 2;
    private static final double TINT = 0.45;
    private static final Setting.Writing WRITING = new Setting.Writing(9.5, 18, 3, 6);

    record Sign(String text, Colour colour) {}

    static Signs random(SplitMix64 dice, Setting setting) {
        var spelling = new Spelling(dice);
        var writing = setting.or(WRITING);
        return new Signs(
                dice.some(dice.between(1, MOST), Colour.BRIGHT).stream()
                        .map(colour -> new Sign(spelling.word(writing), colour))
                        .toList(),
                writing);
    }

    @Override
    public void paint(Painter painter, SplitMix64 dice) {
        var band = (double) World.SIDE / signs.size();
        for (var i = 0; i < signs.size(); i++) {
            paint(painter, dice, signs.get(i), i * band, band);
        }
    }

    /// A sign somewhere in a horizontal band.
    private void paint(Painter painter, SplitMix64 dice, Sign sign, double top, double band) {
        var advance = dice.between(writing.leastAdvance(), writing.mostAdvance());
        var width = StrokeFont.width(sign.text, advance) + 2 * PADDING;
        var height = StrokeFont.height(advance) + 2 * PADDING;
        var x = dice.between(MARGIN, World.SIDE - MARGIN - width);
        var y = top + dice.between(MARGIN, band - MARGIN - height);
        var rgb = sign.colour.rgb(dice);
        var tinted = dice.chance(0.5);
        painter.object(Category.BOX, sign.colour, tinted ? painter.tint(rgb, TINT) : rgb, () -> {
            if (tinted) {
                painter.raster().rectangle(x, y, width, height);
            } else {
                painter.raster().claim(x, y, width, height);
                painter.frame(x, y, width, height, OUTLINE);
            }
        });
        painter.note(x + PADDING + StrokeFont.WIDTH / 2 * advance, y + height / 2, List.of(Category.BOX.word()));
        painter.text(sign.text, x + PADDING, y + PADDING, advance, Colour.BLACK.rgb(), List.of(sign.colour.word()));
    }

    @Override
    public String caption() {
        return signs.stream()
                .map(sign -> sign.colour.word() + " box " + sign.text + ".")
                .collect(Collectors.joining(" "));
    }

    @Override
    public void ask(Quiz quiz) {
        var reading = new ArrayList<Question>();
        var inverse = new ArrayList<Question>();
        for (var sign : signs) {
            var box = sign.colour.word() + " box";
            reading.add(text("read the " + box + ".", sign.text));
            reading.add(text("what does the " + box + " say?", sign.text));
            inverse.add(text("what colour is the box that says " + sign.text + "?", sign.colour.word()));
        }
        if (signs.size() == 1) {
            reading.add(text("what does the sign say?", signs.getFirst().text));
        }
        quiz.some(5, reading);
        quiz.some(2, inverse);
        quiz.some(1, List.of(Question.count("how many boxes are there?", signs.size())));
    }

    private static Question text(String text, String answer) {
        return new Question(Family.TEXT, text, answer);
    }
}
