package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A picture set as a page of text: for every cell of [CharacterGrid#CELL] pixels the character whose middle
/// lies in it; things are named by words where they are, in the cells that their characters leave free. A
/// decoder that has learned to read pages finds the same order again when visual tokens stand in the place of
/// words.
///
/// @param words `[SIDE · SIDE]`, row by row; empty where there is nothing
public record Page(List<String> words) {

    /// Columns and rows of a page.
    public static final int SIDE = CharacterGrid.SIDE;

    /// Shapes whose box is wider or higher, in pixels, are called large.
    private static final int LARGE = 20;

    public Page {
        words = List.copyOf(words);
    }

    public static Page of(Drawing drawing) {
        var cells = new String[SIDE * SIDE];
        Arrays.fill(cells, "");
        var classes = CharacterGrid.of(drawing).classes();
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] > 0) {
                cells[i] = Character.toString(CharacterGrid.character(classes[i]));
            }
        }
        for (var object : drawing.objects()) {
            int cell = start(object);
            for (var word : words(object)) {
                cell = put(cells, cell, word);
            }
        }
        return new Page(Arrays.asList(cells));
    }

    /// What a thing is called; text speaks for itself.
    private static List<String> words(DrawnObject object) {
        var words = new ArrayList<String>();
        switch (object.category()) {
            case LINE, FIELD -> {}
            case BOX, BAR, POINT, SLICE, NODE -> words.add(object.colour().word());
            case RECTANGLE, RIGHT_TRIANGLE -> {
                words.add(object.colour().word());
                words.add(object.category().word());
            }
            default -> {
                words.add(Math.max(object.box().width(), object.box().height()) > LARGE ? "large" : "small");
                words.add(object.colour().word());
                words.add(object.category().word());
            }
        }
        return words;
    }

    /// A sign's word begins at its left edge, all others in the middle.
    private static int start(DrawnObject object) {
        var box = object.box();
        int x = object.category() == Category.BOX ? box.left() : box.left() + box.width() / 2;
        int y = box.top() + box.height() / 2;
        return y / CharacterGrid.CELL * SIDE + x / CharacterGrid.CELL;
    }

    /// Writes a word into the first free cell from one on, and gives the next.
    private static int put(String[] cells, int from, String word) {
        for (int i = 0; i < cells.length; i++) {
            int cell = (from + i) % cells.length;
            if (cells[cell].isEmpty()) {
                cells[cell] = word;
                return cell + 1;
            }
        }
        return from;
    }
}
