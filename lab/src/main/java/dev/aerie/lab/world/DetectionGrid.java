package dev.aerie.lab.world;

import java.util.Arrays;

/// What the detector learns: for every cell of [#CELL] pixels the object whose middle lies in it, if any.
///
/// @param classes `[SIDE, SIDE]`, row by row: the ordinal of the [Category], [#NONE] where there is no object
/// @param colours `[SIDE, SIDE]`: the ordinal of the [Colour], [#NONE] where there is no object
/// @param boxes `[SIDE, SIDE, 4]`: the middle of the object's box within the cell, x and y from 0 to 1, then its width
/// and height as shares of the picture's; zeros where there is no object
@SuppressWarnings("ArrayRecordComponent") // made once per picture
public record DetectionGrid(int[] classes, int[] colours, float[] boxes) {

    /// Columns and rows of a cell, in pixels.
    public static final int CELL = 16;

    /// Columns and rows of the grid.
    public static final int SIDE = World.SIDE / CELL;

    /// Stands for no object.
    public static final int NONE = -1;

    /// The targets of a picture. Should two objects share a cell, the first has it.
    public static DetectionGrid of(Drawing drawing) {
        var classes = new int[SIDE * SIDE];
        var colours = new int[SIDE * SIDE];
        var boxes = new float[4 * SIDE * SIDE];
        Arrays.fill(classes, NONE);
        Arrays.fill(colours, NONE);
        for (var object : drawing.objects()) {
            var box = object.box();
            var x = (box.left() + box.width() / 2f) / CELL;
            var y = (box.top() + box.height() / 2f) / CELL;
            var cell = (int) y * SIDE + (int) x;
            if (classes[cell] == NONE) {
                classes[cell] = object.category().ordinal();
                colours[cell] = object.colour().ordinal();
                boxes[4 * cell] = x - (int) x;
                boxes[4 * cell + 1] = y - (int) y;
                boxes[4 * cell + 2] = (float) box.width() / World.SIDE;
                boxes[4 * cell + 3] = (float) box.height() / World.SIDE;
            }
        }
        return new DetectionGrid(classes, colours, boxes);
    }
}
