package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Two to four lines of text, a word each.
record TextLines(List<String> words, Setting.Writing writing) implements Content {

    static final List<String> ORDINALS = List.of("first", "second", "third", "fourth");

    private static final double MARGIN = 3;
    private static final Setting.Writing WRITING = new Setting.Writing(9, 14, 3, 6);

    /// Dark inks of four hues.
    private static final List<Integer> INKS = List.of(0x23232A, 0x1E2D78, 0x6E1E23, 0x1E5028);

    static TextLines random(SplitMix64 dice, Setting setting) {
        var spelling = new Spelling(dice);
        var writing = setting.or(WRITING);
        return new TextLines(
                IntStream.range(0, dice.between(2, ORDINALS.size()))
                        .mapToObj(_ -> spelling.word(writing))
                        .toList(),
                writing);
    }

    @Override
    public void paint(Painter painter, SplitMix64 dice) {
        var band = (double) World.SIDE / words.size();
        var ink = dice.pick(INKS);
        for (var i = 0; i < words.size(); i++) {
            var word = words.get(i);
            var advance = dice.between(writing.leastAdvance(), writing.mostAdvance());
            var width = StrokeFont.width(word, advance);
            var height = StrokeFont.height(advance);
            var x = dice.between(MARGIN, World.SIDE - MARGIN - width);
            var y = i * band + dice.between(MARGIN, band - MARGIN - height);
            painter.object(
                    Category.LINE,
                    Colour.BLACK,
                    ink,
                    () -> painter.raster().claim(x - 1, y - 1, width + 2, height + 2));
            painter.note(x + StrokeFont.WIDTH / 2 * advance, y + height / 2, List.of(Category.LINE.word()));
            painter.text(word, x, y, advance, ink, which(i));
        }
    }

    /// What a line can be called.
    private List<String> which(int i) {
        return i + 1 == words.size() ? List.of(ORDINALS.get(i), "last") : List.of(ORDINALS.get(i));
    }

    @Override
    public String caption() {
        return IntStream.range(0, words.size())
                .mapToObj(i -> ORDINALS.get(i) + " line " + words.get(i) + ".")
                .collect(Collectors.joining(" "));
    }

    @Override
    public void ask(Quiz quiz) {
        var questions = new ArrayList<Question>();
        for (var i = 0; i < words.size(); i++) {
            questions.add(read(quiz, ORDINALS.get(i), words.get(i)));
        }
        questions.add(read(quiz, "last", words.getLast()));
        quiz.some(questions.size(), questions);
        quiz.some(1, List.of(Question.count("how many lines are there?", words.size())));
    }

    private static Question read(Quiz quiz, String which, String word) {
        var request = quiz.words("read the " + which + " line.", "what does the " + which + " line say?");
        return new Question(Family.OCR, request, word);
    }
}
