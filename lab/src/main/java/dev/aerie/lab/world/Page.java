package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A picture set as a page of words: for every cell of some pixels what is noted there, see [Note]. All
/// that belongs together stands in one cell: a shape with its colour, size and place, a character with the sign, line
/// or field that it is part of. A decoder that has learned to read pages finds the same order again when visual tokens
/// stand in the place of words.
///
/// @param cells `[N · N]` words, row by row; none where there is nothing
public record Page(List<List<String>> cells) {

    public Page {
        cells = cells.stream().map(List::copyOf).toList();
    }

    /// Columns and rows of a page whose cells have sides of so many pixels.
    public static int side(int cell) {
        return World.SIDE / cell;
    }

    /// @param size pixels of a cell's side
    public static Page of(Drawing drawing, int size) {
        int side = side(size);
        var cells = IntStream.range(0, side * side)
                .mapToObj(_ -> (List<String>) new ArrayList<String>())
                .toList();
        for (var note : drawing.notes()) {
            var cell = cells.get((int) (note.y() / size) * side + (int) (note.x() / size));
            note.words().stream().filter(word -> !cell.contains(word)).forEach(cell::add);
        }
        return new Page(cells);
    }
}
