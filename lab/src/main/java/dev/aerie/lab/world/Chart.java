package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A chart: bars, a line of points, or a pie, with letters, values and colours that are all different. Only in a
/// pie two values may be equal, but not the largest. Slices are told clockwise from the largest on, other items
/// from the left.
record Chart(Category category, List<Item> items) implements Content {

    private static final int LEAST_VALUE = 3;
    private static final int MOST_VALUE = 59;

    record Item(String letter, int value, Colour colour) {}

    static Chart random(SplitMix64 dice) {
        var style = dice.below(4);
        var category = style < 2 ? Category.BAR : style == 2 ? Category.POINT : Category.SLICE;
        var count = dice.between(3, category == Category.BAR ? 5 : 4);
        var values = category == Category.SLICE
                ? shares(dice, count)
                : dice.some(
                        count,
                        IntStream.rangeClosed(LEAST_VALUE, MOST_VALUE).boxed().toList());
        var letters = Spelling.letters(dice, count);
        var colours = dice.some(count, Colour.BRIGHT);
        return new Chart(
                category,
                IntStream.range(0, count)
                        .mapToObj(i -> new Item(letters.get(i), values.get(i), colours.get(i)))
                        .toList());
    }

    /// Multiples of ten that add up to 100; the first is the largest.
    private static List<Integer> shares(SplitMix64 dice, int count) {
        while (true) {
            var shares = new ArrayList<Integer>();
            for (var i = 1; i < count; i++) {
                shares.add(10 * dice.between(1, 8));
            }
            shares.add(100 - shares.stream().mapToInt(Integer::intValue).sum());
            var largest = shares.stream().mapToInt(Integer::intValue).max().orElseThrow();
            if (shares.getLast() > 0
                    && shares.stream().filter(share -> share == largest).count() == 1) {
                Collections.rotate(shares, -shares.indexOf(largest));
                return shares;
            }
        }
    }

    @Override
    public void paint(Painter painter, SplitMix64 dice) {
        switch (category) {
            case BAR -> ChartPainter.bars(painter, dice, this);
            case POINT -> ChartPainter.points(painter, dice, this);
            default -> ChartPainter.pie(painter, dice, this);
        }
    }

    /// What is to be known of an item beside its letter: how many others are larger tells its rank.
    List<String> about(Item item) {
        long larger = items.stream().filter(other -> other.value > item.value).count();
        var about = new ArrayList<>(List.of(item.colour.word(), category.word()));
        about.add(larger < TextLines.ORDINALS.size() ? TextLines.ORDINALS.get((int) larger) : "last");
        if (larger == 0) {
            about.add(top());
        } else if (category != Category.SLICE && larger + 1 == items.size()) {
            about.add("lowest");
        }
        return about;
    }

    private String top() {
        return category == Category.SLICE ? "largest" : "highest";
    }

    @Override
    public String caption() {
        return items.stream()
                .map(item -> category.word() + " " + item.letter + " " + item.colour.word() + " " + item.value + ".")
                .collect(Collectors.joining(" "));
    }

    @Override
    public void ask(Quiz quiz) {
        var byLetter = new ArrayList<Question>();
        var byColour = new ArrayList<Question>();
        for (var item : items) {
            byLetter.add(chart("what is the value of " + item.letter + "?", Integer.toString(item.value)));
            byColour.add(chart(
                    "what is the value of the " + item.colour.word() + " " + category.word() + "?",
                    Integer.toString(item.value)));
        }
        quiz.some(3, byLetter);
        quiz.some(2, byColour);
        quiz.some(3, extremes());
        quiz.some(2, comparisons(quiz.dice()));
        quiz.some(1, List.of(Question.count("how many " + category.plural() + " are there?", items.size())));
    }

    private List<Question> extremes() {
        var top = top();
        var word = category.word();
        var most = items.stream().max(Comparator.comparing(Item::value)).orElseThrow();
        var questions = new ArrayList<Question>();
        questions.add(chart("which " + word + " is the " + top + "?", most.letter));
        questions.add(chart("what colour is the " + top + " " + word + "?", most.colour.word()));
        if (category != Category.SLICE) {
            var least = items.stream().min(Comparator.comparing(Item::value)).orElseThrow();
            questions.add(chart("which " + word + " is the lowest?", least.letter));
        }
        return questions;
    }

    /// Half of them true.
    private List<Question> comparisons(SplitMix64 dice) {
        var than = category == Category.SLICE ? " larger than " : " higher than ";
        var questions = new ArrayList<Question>();
        for (var more : items) {
            for (var less : items) {
                if (more.value > less.value) {
                    var truth = dice.chance(0.5);
                    questions.add(Question.yesNo(
                            Family.CHART,
                            "is " + (truth ? more : less).letter + than + (truth ? less : more).letter + "?",
                            truth));
                }
            }
        }
        return questions;
    }

    private static Question chart(String text, String answer) {
        return new Question(Family.CHART, text, answer);
    }
}
