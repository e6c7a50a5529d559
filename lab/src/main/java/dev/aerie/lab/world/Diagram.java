package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Two to four nodes near the corners, an arrow from each to the next, and in a ring from the last to the first.
/// A ring is told from its first node in reading order on.
record Diagram(List<Node> nodes, boolean ring) implements Content {

    private static final int MOST = 4;
    private static final double RING = 0.4;
    private static final double INSET = 26;
    private static final double SHIFT = 6;
    private static final double RADIUS = 11;
    private static final double GAP = 15;
    private static final double TINT = 0.55;
    private static final double ADVANCE = 13;
    private static final double ARROW_WIDTH = 1.75;
    private static final double NOTED = 20; // along an arrow from a node's middle
    private static final List<String> CORNERS = List.of("first", "second", "third", "fourth");

    /// @param corner 0 to 3 in reading order
    record Node(String letter, Colour colour, int corner) {

        /// The corner's word.
        String place() {
            return CORNERS.get(corner);
        }
    }

    static Diagram random(SplitMix64 dice) {
        var count = dice.between(2, MOST);
        var letters = Spelling.letters(dice, count);
        var corners = new ArrayList<>(dice.some(count, List.of(0, 1, 2, 3)));
        var ring = count > 2 && dice.chance(RING);
        if (ring) {
            Collections.rotate(corners, -corners.indexOf(Collections.min(corners)));
        }
        return new Diagram(
                IntStream.range(0, count)
                        .mapToObj(i -> new Node(letters.get(i), dice.pick(Colour.BRIGHT), corners.get(i)))
                        .toList(),
                ring);
    }

    private int arrows() {
        return ring ? nodes.size() : nodes.size() - 1;
    }

    /// Where the arrow from this node leads.
    private Node next(int i) {
        return nodes.get((i + 1) % nodes.size());
    }

    @Override
    public void paint(Painter painter, SplitMix64 dice) {
        var x = new double[nodes.size()];
        var y = new double[nodes.size()];
        for (var i = 0; i < nodes.size(); i++) {
            var node = nodes.get(i);
            var cx = (node.corner % 2 == 0 ? INSET : World.SIDE - INSET) + dice.between(-SHIFT, SHIFT);
            var cy = (node.corner / 2 == 0 ? INSET : World.SIDE - INSET) + dice.between(-SHIFT, SHIFT);
            var round = dice.chance(0.5);
            x[i] = cx;
            y[i] = cy;
            painter.object(Category.NODE, node.colour, painter.tint(node.colour.rgb(dice), TINT), () -> {
                if (round) {
                    painter.raster().disc(cx, cy, RADIUS);
                } else {
                    painter.raster().rectangle(cx - RADIUS + 1, cy - RADIUS + 1, 2 * RADIUS - 2, 2 * RADIUS - 2);
                }
            });
            painter.centred(
                    node.letter,
                    cx,
                    cy,
                    ADVANCE,
                    Colour.BLACK.rgb(),
                    List.of(node.colour.word(), Category.NODE.word(), node.place()));
        }
        for (var i = 0; i < arrows(); i++) {
            var j = (i + 1) % nodes.size();
            var dx = x[j] - x[i];
            var dy = y[j] - y[i];
            var length = Math.sqrt(dx * dx + dy * dy);
            dx /= length;
            dy /= length;
            painter.arrow(
                    x[i] + GAP * dx,
                    y[i] + GAP * dy,
                    x[j] - GAP * dx,
                    y[j] - GAP * dy,
                    ARROW_WIDTH,
                    Colour.BLACK.rgb());
            // Either end says what can be seen there: whose end it is, and to which corner the arrow runs.
            var from = nodes.get(i);
            var to = nodes.get(j);
            painter.note(x[i] + NOTED * dx, y[i] + NOTED * dy, List.of("after", from.letter, to.place()));
            painter.note(x[j] - NOTED * dx, y[j] - NOTED * dy, List.of("before", to.letter, from.place()));
        }
    }

    @Override
    public String caption() {
        var caption = new StringBuilder();
        for (var i = 0; i < nodes.size(); i++) {
            var node = nodes.get(i);
            caption.append(i == 0 ? "node " : " node ")
                    .append(node.letter)
                    .append(' ')
                    .append(node.colour.word());
            caption.append(i < arrows() ? " to " + next(i).letter + "." : ".");
        }
        return caption.toString();
    }

    @Override
    public void ask(Quiz quiz) {
        var following = new ArrayList<Question>();
        var colours = new ArrayList<Question>();
        for (var i = 0; i < nodes.size(); i++) {
            if (i < arrows()) {
                following.add(diag("what comes after " + nodes.get(i).letter + "?", next(i).letter));
                following.add(diag("what comes before " + next(i).letter + "?", nodes.get(i).letter));
            }
            colours.add(diag(
                    "what colour is node " + nodes.get(i).letter + "?",
                    nodes.get(i).colour.word()));
        }
        quiz.some(4, following);
        quiz.some(2, colours);
        quiz.some(2, pointing(quiz.dice()));
        quiz.some(
                2,
                List.of(
                        Question.count("how many nodes are there?", nodes.size()),
                        Question.count("how many arrows are there?", arrows())));
    }

    /// Two questions, each true half of the time.
    private List<Question> pointing(SplitMix64 dice) {
        var arrows = new ArrayList<Question>();
        var others = new ArrayList<Question>();
        for (var i = 0; i < nodes.size(); i++) {
            for (var j = 0; j < nodes.size(); j++) {
                var points = i < arrows() && j == (i + 1) % nodes.size();
                if (i != j) {
                    (points ? arrows : others)
                            .add(Question.yesNo(
                                    Family.DIAG,
                                    "does " + nodes.get(i).letter + " point to " + nodes.get(j).letter + "?",
                                    points));
                }
            }
        }
        return IntStream.range(0, 2)
                .mapToObj(_ -> dice.pick(dice.chance(0.5) ? arrows : others))
                .distinct()
                .toList();
    }

    private static Question diag(String text, String answer) {
        return new Question(Family.DIAG, text, answer);
    }
}
