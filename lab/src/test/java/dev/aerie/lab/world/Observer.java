package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Answers questions from what the records and the pixels of a drawing say, without what the drawing was made from.
final class Observer {

    /// A thing with what is written in it or belongs to it.
    record Thing(DrawnObject object, String text, String value) {

        double x() {
            return object.box().left() + object.box().width() / 2.0;
        }

        double y() {
            return object.box().top() + object.box().height() / 2.0;
        }

        String name() {
            return object.colour().word() + " " + object.category().word();
        }

        /// The larger side of a large shape is 21 pixels or more.
        String size() {
            return Math.max(object.box().width(), object.box().height()) >= 21 ? "large" : "small";
        }

        int number() {
            return Integer.parseInt(value);
        }
    }

    private static final List<String> ORDER = List.of("first", "second", "third", "fourth");

    private final Drawing drawing;
    private final List<Thing> things = new ArrayList<>();

    Observer(Drawing drawing) {
        this.drawing = drawing;
        for (var i = 0; i < drawing.objects().size(); i++) {
            things.add(thing(i));
        }
    }

    List<Thing> things() {
        return things;
    }

    private Thing thing(int i) {
        var object = drawing.objects().get(i);
        return switch (object.category()) {
            case BAR, POINT -> {
                var box = object.box();
                var x = box.left() + box.width() / 2.0;
                Predicate<DrawnCharacter> near = c -> Math.abs(c.x() - x) < 11;
                yield new Thing(object, read(near.and(Observer::isLetter)), read(near.and(c -> !isLetter(c))));
            }
            case SLICE -> slice(object, i + 1);
            case FIELD -> {
                var text = read(c -> isInside(c, object));
                var key =
                        Form.KEYS.stream().filter(text::startsWith).findFirst().orElseThrow();
                yield new Thing(object, key, text.substring(key.length()));
            }
            case RECTANGLE, RIGHT_TRIANGLE ->
                new Thing(
                        object,
                        read(c -> c.x() > object.box().left()),
                        read(c -> c.x() < object.box().left()));
            default -> new Thing(object, read(c -> isInside(c, object)), "");
        };
    }

    /// A slice's letter stands on it; its value stands outside in the same direction.
    private Thing slice(DrawnObject object, int number) {
        var slices = drawing.objects();
        var left = slices.stream().mapToInt(s -> s.box().left()).min().orElseThrow();
        var top = slices.stream().mapToInt(s -> s.box().top()).min().orElseThrow();
        var letters = drawing.characters().stream().filter(Observer::isLetter).toList();
        var letter = letters.stream()
                .filter(c -> drawing.instances().at((int) c.x(), (int) c.y()) == number)
                .findFirst()
                .orElseThrow();
        var value = read(c -> !isLetter(c)
                && letters.stream()
                        .min(Comparator.comparing(l -> angle(l, c, left + 38, top + 38)))
                        .orElseThrow()
                        .equals(letter));
        return new Thing(object, Character.toString(letter.character()), value);
    }

    private static double angle(DrawnCharacter a, DrawnCharacter b, double x, double y) {
        var turn = Math.abs(Math.atan2(a.y() - y, a.x() - x) - Math.atan2(b.y() - y, b.x() - x));
        return Math.min(turn, 2 * Math.PI - turn);
    }

    private static boolean isLetter(DrawnCharacter c) {
        return Character.isLetter(c.character());
    }

    private static boolean isInside(DrawnCharacter c, DrawnObject object) {
        var box = object.box();
        return c.x() > box.left()
                && c.x() < box.left() + box.width()
                && c.y() > box.top()
                && c.y() < box.top() + box.height();
    }

    private String read(Predicate<DrawnCharacter> which) {
        return drawing.characters().stream()
                .filter(which)
                .sorted(Comparator.comparing(DrawnCharacter::x))
                .collect(StringBuilder::new, (text, c) -> text.append(c.character()), StringBuilder::append)
                .toString();
    }

    String answer(Question question) {
        return switch (question.family()) {
            case GQA -> gqa(question.text());
            case POPE -> yes(things.stream().anyMatch(thing -> question.text().endsWith(" " + thing.name() + "?")));
            case COUNT -> Long.toString(count(match("how many (?:(.+) )?(\\w+) are there\\?", question.text())));
            case TEXT -> text(question.text());
            case OCR ->
                line(match("(?:read the|what does the) (\\w+) line.*", question.text())
                        .group(1));
            case CHART -> chart(question.text());
            case DOC -> doc(question.text());
            case DIAG -> diag(question.text());
            case MATH -> math(question.text());
        };
    }

    private String gqa(String text) {
        if (text.startsWith("what colour is the ")) {
            return one(thing -> text.endsWith("the " + thing.object.category().word() + "?"))
                    .object
                    .colour()
                    .word();
        }
        if (text.startsWith("which shape is ")) {
            return one(thing -> text.endsWith(" " + thing.object.colour().word() + "?"))
                    .object
                    .category()
                    .word();
        }
        if (text.startsWith("what is at the ")) {
            return one(thing -> text.equals("what is at the " + place(thing) + "?"))
                    .name();
        }
        if (text.startsWith("where ")) {
            return place(one(thing -> text.endsWith(" " + thing.name() + "?")));
        }
        if (text.contains(" size ") || text.startsWith("how large ")) {
            return one(thing -> text.endsWith(" " + thing.name() + "?")).size();
        }
        var relation = match("is the (\\w+ \\w+) (left of|right of|above|below) the (\\w+ \\w+)\\?", text);
        var a = one(thing -> thing.name().equals(relation.group(1)));
        var b = one(thing -> thing.name().equals(relation.group(3)));
        var across = b.x() - a.x();
        var down = b.y() - a.y();
        var distance = relation.group(2).endsWith("of") ? across : down;
        if (Math.abs(distance) < 25) {
            throw new AssertionError("too close to say: " + text);
        }
        return yes(List.of("left of", "above").contains(relation.group(2)) == distance > 0);
    }

    private static String place(Thing thing) {
        var column = (int) (thing.x() * 3 / World.SIDE);
        var row = (int) (thing.y() * 3 / World.SIDE);
        var words = List.of("top", "", "bottom").get(row) + " "
                + List.of("left", "", "right").get(column);
        return words.isBlank() ? "middle" : words.strip();
    }

    private long count(Matcher what) {
        if (what.group(2).equals("arrows")) {
            return drawing.caption().split(" to ", -1).length - 1;
        }
        var which = what.group(1) == null ? "" : what.group(1);
        return things.stream()
                .filter(thing -> what.group(2).equals("shapes")
                        || thing.object.category().plural().equals(what.group(2)))
                .filter(thing -> which.isEmpty()
                        || thing.size().equals(which)
                        || thing.object.colour().word().equals(which))
                .count();
    }

    private String text(String text) {
        if (text.startsWith("what colour ")) {
            return one(thing -> text.endsWith(" says " + thing.text + "?"))
                    .object
                    .colour()
                    .word();
        }
        return one(thing -> text.contains("the sign") || text.contains("the " + thing.name())).text;
    }

    private String line(String which) {
        var lines = things.stream().sorted(Comparator.comparing(Thing::y)).toList();
        return which.equals("last") ? lines.getLast().text : lines.get(ORDER.indexOf(which)).text;
    }

    private String chart(String text) {
        if (text.startsWith("is ")) {
            var pair = match("is (\\w) (?:higher|larger) than (\\w)\\?", text);
            return yes(
                    labelled(pair.group(1)).number() > labelled(pair.group(2)).number());
        }
        if (text.startsWith("what is the value of the ")) {
            return one(thing -> text.endsWith("the " + thing.name() + "?")).value;
        }
        if (text.startsWith("what is the value of ")) {
            return one(thing -> text.endsWith(" of " + thing.text + "?")).value;
        }
        var low = text.contains("lowest");
        var sorted = things.stream().sorted(Comparator.comparing(Thing::number)).toList();
        var extreme = low ? sorted.getFirst() : sorted.getLast();
        one(thing -> thing.value.equals(extreme.value));
        return text.startsWith("what colour ") ? extreme.object.colour().word() : extreme.text;
    }

    private Thing labelled(String letter) {
        return one(thing -> thing.text.equals(letter));
    }

    private String doc(String text) {
        if (text.startsWith("which field says ")) {
            return one(thing -> text.endsWith(" says " + thing.value + "?")).text;
        }
        if (text.startsWith("is there a field ")) {
            return yes(things.stream().anyMatch(thing -> text.endsWith(" field " + thing.text + "?")));
        }
        return one(thing -> text.contains(" the " + thing.text)).value;
    }

    private String diag(String text) {
        if (text.startsWith("what colour is node ")) {
            return one(thing -> text.endsWith(" " + thing.text + "?"))
                    .object
                    .colour()
                    .word();
        }
        if (text.startsWith("does ")) {
            var pair = match("does (\\w) point to (\\w)\\?", text);
            return yes(points(labelled(pair.group(1)), labelled(pair.group(2))));
        }
        return one(thing -> text.startsWith("what comes after ")
                        ? points(labelled(text.substring(17, 18)), thing)
                        : points(thing, labelled(text.substring(18, 19))))
                .text;
    }

    /// Whether there is ink all along the way, and more of it across the way near the second node.
    boolean points(Thing a, Thing b) {
        if (a == b) {
            return false;
        }
        var dx = b.x() - a.x();
        var dy = b.y() - a.y();
        var length = Math.sqrt(dx * dx + dy * dy);
        for (var at = 17.0; at < length - 17; at += 1) {
            if (inkAcross(a.x() + dx * at / length, a.y() + dy * at / length, dx / length, dy / length) == 0) {
                return false;
            }
        }
        var head = 0;
        var tail = 0;
        for (var at = 18.0; at < 21; at += 1) {
            tail += inkAcross(a.x() + dx * at / length, a.y() + dy * at / length, dx / length, dy / length);
            head += inkAcross(b.x() - dx * at / length, b.y() - dy * at / length, dx / length, dy / length);
        }
        return head > tail;
    }

    private int inkAcross(double x, double y, double ux, double uy) {
        var ink = 0;
        for (var side = -3; side <= 3; side++) {
            var at = 3 * ((int) (y + side * ux) * World.SIDE + (int) (x - side * uy));
            ink += (drawing.picture().rgb()[at + 1] & 0xFF) < 180 ? 1 : 0;
        }
        return ink;
    }

    private String math(String text) {
        var figure = things.getFirst();
        var width = Integer.parseInt(figure.text);
        var height = Integer.parseInt(figure.value);
        return switch (text) {
            case "what is the width?" -> Integer.toString(width);
            case "what is the height?" -> Integer.toString(height);
            case "what is the width plus the height?" -> Integer.toString(width + height);
            case "what is the area?", "what is the width times the height?" -> Integer.toString(width * height);
            case "is it wider than high?" -> yes(width > height);
            case "is it higher than wide?" -> yes(height > width);
            case "which shape is it?" -> figure.object.category().word();
            case "what colour is it?" -> figure.object.colour().word();
            default -> throw new AssertionError("no such question: " + text);
        };
    }

    /// The only thing of the kind.
    private Thing one(Predicate<Thing> which) {
        var found = things.stream().filter(which).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " things fit, of " + things);
        }
        return found.getFirst();
    }

    private static String yes(boolean truth) {
        return truth ? "yes" : "no";
    }

    private static Matcher match(String pattern, String text) {
        var matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.matches()) {
            throw new AssertionError("no such question: " + text);
        }
        return matcher;
    }
}
