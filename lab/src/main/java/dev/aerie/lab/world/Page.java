package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A picture set as a page of words: for every cell of [CharacterGrid#CELL] pixels what is noted there, see [Note]. All
/// that belongs together stands in one cell: a shape with its colour, size and place, a character with the sign, line
/// or field that it is part of. A decoder that has learned to read pages finds the same order again when visual tokens
/// stand in the place of words.
///
/// @param cells `[SIDE · SIDE]` words, row by row; none where there is nothing
public record Page(List<List<String>> cells) {

    /// Columns and rows of a page.
    public static final int SIDE = CharacterGrid.SIDE;

    public Page {
        cells = cells.stream().map(List::copyOf).toList();
    }

    public static Page of(Drawing drawing) {
        var cells = IntStream.range(0, SIDE * SIDE)
                .mapToObj(_ -> (List<String>) new ArrayList<String>())
                .toList();
        for (var note : drawing.notes()) {
            var cell = cells.get((int) (note.y() / CharacterGrid.CELL) * SIDE + (int) (note.x() / CharacterGrid.CELL));
            note.words().stream().filter(word -> !cell.contains(word)).forEach(cell::add);
        }
        return new Page(cells);
    }
}
