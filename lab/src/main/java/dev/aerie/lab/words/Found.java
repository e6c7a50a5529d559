package dev.aerie.lab.words;

import dev.aerie.lab.world.Category;
import dev.aerie.lab.world.CharacterGrid;
import dev.aerie.lab.world.Colour;
import dev.aerie.lab.world.DetectionGrid;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What is found in a picture: things with what is written on them, and what is written elsewhere, both in reading
/// order.
public record Found(List<Thing> things, List<Text> texts) {

    /// Cells without a character that end a text: wider than the widest letter spacing.
    private static final int GAP = 3;

    /// A thing and its box, in pixels.
    ///
    /// @param x of its middle
    /// @param y of its middle
    public record Thing(
            Category category, Colour colour, double x, double y, double width, double height, List<String> texts) {

        public Thing {
            texts = List.copyOf(texts);
        }

        private boolean holds(Text text) {
            return Math.abs(text.x() - x) <= width / 2 && Math.abs(text.y() - y) <= height / 2;
        }
    }

    /// Characters in a row, with their middle in pixels.
    public record Text(String text, double x, double y) {}

    public Found {
        things = List.copyOf(things);
        texts = List.copyOf(texts);
    }

    /// What one who errs in nothing would find.
    public static Found of(Drawing drawing) {
        return of(Optional.of(DetectionGrid.of(drawing)), Optional.of(CharacterGrid.of(drawing)));
    }

    /// A text belongs to the smallest thing around its middle.
    ///
    /// @param objects    of the detector, if there is one
    /// @param characters of the reader, if there is one
    public static Found of(Optional<DetectionGrid> objects, Optional<CharacterGrid> characters) {
        var bare = objects.map(Found::things).orElse(List.of());
        var held =
                bare.stream().map(_ -> (List<String>) new ArrayList<String>()).toList();
        var free = new ArrayList<Text>();
        for (var text : characters.map(Found::texts).orElse(List.of())) {
            IntStream.range(0, bare.size())
                    .filter(i -> bare.get(i).holds(text))
                    .boxed()
                    .min(Comparator.comparingDouble(
                            i -> bare.get(i).width() * bare.get(i).height()))
                    .ifPresentOrElse(i -> held.get(i).add(text.text()), () -> free.add(text));
        }
        var things = new ArrayList<Thing>();
        for (int i = 0; i < bare.size(); i++) {
            var each = bare.get(i);
            things.add(new Thing(
                    each.category(), each.colour(), each.x(), each.y(), each.width(), each.height(), held.get(i)));
        }
        return new Found(things, free);
    }

    private static List<Thing> things(DetectionGrid grid) {
        int side = DetectionGrid.SIDE;
        return IntStream.range(0, side * side)
                .filter(i -> grid.classes()[i] != DetectionGrid.NONE)
                .mapToObj(i -> new Thing(
                        Category.values()[grid.classes()[i]],
                        Colour.values()[grid.colours()[i]],
                        (i % side + grid.boxes()[4 * i]) * DetectionGrid.CELL,
                        (i / side + grid.boxes()[4 * i + 1]) * DetectionGrid.CELL,
                        grid.boxes()[4 * i + 2] * World.SIDE,
                        grid.boxes()[4 * i + 3] * World.SIDE,
                        List.of()))
                .toList();
    }

    /// Characters of one row of cells with no wider gap between them.
    private static List<Text> texts(CharacterGrid grid) {
        var texts = new ArrayList<Text>();
        int side = CharacterGrid.SIDE;
        for (int row = 0; row < side; row++) {
            var text = new StringBuilder();
            int first = 0;
            int last = -GAP - 1;
            for (int column = 0; column < side; column++) {
                int found = grid.classes()[row * side + column];
                if (found == 0) {
                    continue;
                }
                if (column - last > GAP) {
                    end(texts, text, first, last, row);
                    first = column;
                }
                text.append(CharacterGrid.character(found));
                last = column;
            }
            end(texts, text, first, last, row);
        }
        return texts;
    }

    private static void end(List<Text> texts, StringBuilder text, int first, int last, int row) {
        if (!text.isEmpty()) {
            double x = (first + last + 1) / 2.0 * CharacterGrid.CELL;
            texts.add(new Text(text.toString(), x, (row + 0.5) * CharacterGrid.CELL));
            text.setLength(0);
        }
    }
}
