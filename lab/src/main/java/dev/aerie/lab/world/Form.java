package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A form: two to four lines `key: value`.
record Form(List<Field> fields) implements Content {

    static final List<String> KEYS =
            List.of("name", "date", "price", "total", "item", "id", "room", "phone", "city", "code");

    private static final int MOST = 4;
    private static final double MARGIN = 4;
    private static final double COLUMN = 72;
    private static final double RULE = 0.75;
    private static final int RULE_INK = 0xB4B4AF;

    record Field(String key, String value) {}

    static Form random(SplitMix64 dice) {
        var spelling = new Spelling(dice);
        return new Form(dice.some(dice.between(2, MOST), KEYS).stream()
                .map(key -> new Field(key, spelling.word(2, 5, 1, 4)))
                .toList());
    }

    @Override
    public void paint(Painter painter, SplitMix64 dice) {
        var band = (World.SIDE - 2 * MARGIN) / fields.size();
        var advance = dice.between(9.0, 10.0);
        var height = StrokeFont.height(advance);
        var inColumn = dice.chance(0.5);
        var rules = dice.chance(0.4);
        if (dice.chance(0.4)) {
            painter.raster().ink(Colour.BLACK.rgb());
            painter.frame(0.5, 0.5, World.SIDE - 1, World.SIDE - 1, 1);
        }
        for (var i = 0; i < fields.size(); i++) {
            var field = fields.get(i);
            var y = MARGIN + i * band + dice.between(0, band - height - 3);
            var key = field.key + ":";
            var valueX = inColumn ? COLUMN : MARGIN + (key.length() + 0.3) * advance;
            var width = valueX - MARGIN + StrokeFont.width(field.value, advance);
            painter.object(
                    Category.FIELD,
                    Colour.BLACK,
                    Colour.BLACK.rgb(),
                    () -> painter.raster().claim(MARGIN - 1, y - 1, width + 2, height + 2));
            if (rules) {
                painter.raster().ink(RULE_INK);
                painter.raster().rectangle(MARGIN, y + height + 1.5, World.SIDE - 2 * MARGIN, RULE);
            }
            var start = MARGIN + StrokeFont.WIDTH / 2 * advance;
            painter.note(start, y + height / 2, List.of(Category.FIELD.word(), field.key));
            painter.text(key, MARGIN, y, advance, Colour.BLACK.rgb());
            painter.text(field.value, valueX, y, advance, Colour.BLACK.rgb(), List.of(field.key));
        }
    }

    @Override
    public String caption() {
        return fields.stream()
                .map(field -> field.key + ": " + field.value + ".")
                .collect(Collectors.joining(" "));
    }

    @Override
    public void ask(Quiz quiz) {
        var dice = quiz.dice();
        var reading = new ArrayList<Question>();
        var inverse = new ArrayList<Question>();
        var present = new ArrayList<Question>();
        var absent = new ArrayList<Question>();
        for (var field : fields) {
            reading.add(doc(
                    quiz.words(
                            "what is the " + field.key + "?",
                            "read the " + field.key + " field.",
                            "what does the " + field.key + " field say?"),
                    field.value));
            inverse.add(doc("which field says " + field.value + "?", field.key));
        }
        for (var key : KEYS) {
            var there = fields.stream().anyMatch(field -> field.key.equals(key));
            (there ? present : absent).add(Question.yesNo(Family.DOC, "is there a field " + key + "?", there));
        }
        quiz.some(MOST, reading);
        quiz.some(2, inverse);
        for (var i = 0; i < 2; i++) {
            var asked = dice.pick(dice.chance(0.5) ? present : absent);
            present.remove(asked);
            absent.remove(asked);
            quiz.some(1, List.of(asked));
        }
        quiz.some(1, List.of(Question.count("how many fields are there?", fields.size())));
    }

    private static Question doc(String text, String answer) {
        return new Question(Family.DOC, text, answer);
    }
}
