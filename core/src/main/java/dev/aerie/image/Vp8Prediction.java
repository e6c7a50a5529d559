package dev.aerie.image;

import java.util.Arrays;

/// Intra prediction (RFC 6386 § 12): guesses a block from the pixels above it and to its left.
final class Vp8Prediction {

    /// The modes of whole blocks, which are also the first four of 4×4 blocks.
    static final int DC = 0;

    static final int TRUE_MOTION = 1;
    static final int VERTICAL = 2;
    static final int HORIZONTAL = 3;
    private static final int DOWN_LEFT = 4;
    private static final int DOWN_RIGHT = 5;
    private static final int VERTICAL_RIGHT = 6;
    private static final int VERTICAL_LEFT = 7;
    private static final int HORIZONTAL_DOWN = 8;

    private Vp8Prediction() {}

    /// A luma block of 16×16 or a chroma block of 8×8.
    static void whole(Vp8Plane plane, int x, int y, int size, int mode) {
        switch (mode) {
            case DC -> fill(plane, x, y, size, average(plane, x, y, size));
            case TRUE_MOTION -> trueMotion(plane, x, y, size);
            case VERTICAL -> {
                for (var row = 0; row < size; row++) {
                    System.arraycopy(plane.data, plane.at(x, y - 1), plane.data, plane.at(x, y + row), size);
                }
            }
            default -> {
                for (var row = 0; row < size; row++) {
                    var from = plane.at(x, y + row);
                    Arrays.fill(plane.data, from, from + size, plane.data[from - 1]);
                }
            }
        }
    }

    /// The mean of the pixels above and to the left, of those that lie inside the picture.
    private static int average(Vp8Plane plane, int x, int y, int size) {
        var sum = 0;
        var count = 0;
        for (var i = 0; i < size; i++) {
            sum += y > 0 ? plane.get(plane.at(x + i, y - 1)) : 0;
            sum += x > 0 ? plane.get(plane.at(x - 1, y + i)) : 0;
        }
        count += y > 0 ? size : 0;
        count += x > 0 ? size : 0;
        return count == 0 ? 128 : (sum + count / 2) / count;
    }

    private static void fill(Vp8Plane plane, int x, int y, int size, int value) {
        for (var row = 0; row < size; row++) {
            var from = plane.at(x, y + row);
            Arrays.fill(plane.data, from, from + size, (byte) value);
        }
    }

    private static void trueMotion(Vp8Plane plane, int x, int y, int size) {
        var above = plane.at(x, y - 1);
        var corner = plane.get(above - 1);
        for (var row = 0; row < size; row++) {
            var from = plane.at(x, y + row);
            var offset = plane.get(from - 1) - corner;
            for (var i = 0; i < size; i++) {
                plane.data[from + i] = Vp8Plane.clip(plane.get(above + i) + offset);
            }
        }
    }

    /// A luma block of 4×4. `edge` holds the 13 pixels around it in one line, from the lowest on the left over the
    /// corner (index 4) to the eighth above; every direction is a walk along that line.
    static void small(Vp8Plane plane, int x, int y, int mode, int[] edge) {
        switch (mode) {
            case DC -> {
                var sum = 4;
                for (var i = 0; i < 4; i++) {
                    sum += edge[i] + edge[5 + i];
                }
                fill(plane, x, y, 4, sum >> 3);
            }
            case TRUE_MOTION -> trueMotion(plane, x, y, 4);
            case VERTICAL -> each(plane, x, y, (column, row) -> smooth(edge, 5 + column));
            case HORIZONTAL ->
                each(plane, x, y, (column, row) -> row < 3 ? smooth(edge, 3 - row) : (edge[1] + 3 * edge[0] + 2) >> 2);
            case DOWN_LEFT ->
                each(
                        plane,
                        x,
                        y,
                        (column, row) ->
                                column + row < 6 ? smooth(edge, 6 + column + row) : (edge[11] + 3 * edge[12] + 2) >> 2);
            case DOWN_RIGHT -> each(plane, x, y, (column, row) -> smooth(edge, 4 + column - row));
            case VERTICAL_RIGHT -> each(plane, x, y, (column, row) -> steep(edge, column, row));
            case VERTICAL_LEFT -> each(plane, x, y, (column, row) -> steepLeft(edge, column, row));
            case HORIZONTAL_DOWN -> each(plane, x, y, (column, row) -> flat(edge, column, row));
            default -> each(plane, x, y, (column, row) -> flatUp(edge, column + 2 * row));
        }
    }

    private static int steep(int[] edge, int column, int row) {
        var along = 2 * column - row;
        if (along < -1) {
            return smooth(edge, 5 - row);
        }
        var at = 4 + column - row / 2;
        return along % 2 == 0 ? half(edge, at) : smooth(edge, at);
    }

    private static int steepLeft(int[] edge, int column, int row) {
        if (column == 3 && row >= 2) {
            return smooth(edge, row == 2 ? 10 : 11);
        }
        var at = 5 + column + row / 2;
        return row % 2 == 0 ? half(edge, at) : smooth(edge, at + 1);
    }

    private static int flat(int[] edge, int column, int row) {
        var along = 2 * row - column;
        if (along < -1) {
            return smooth(edge, 3 + column);
        }
        var at = 4 - row + column / 2;
        return along % 2 == 0 ? half(edge, at - 1) : smooth(edge, at);
    }

    private static int flatUp(int[] edge, int along) {
        if (along > 5) {
            return edge[0];
        }
        if (along == 5) {
            return (edge[1] + 3 * edge[0] + 2) >> 2;
        }
        var at = 3 - along / 2;
        return along % 2 == 0 ? half(edge, at - 1) : smooth(edge, at - 1);
    }

    private static int half(int[] edge, int at) {
        return (edge[at] + edge[at + 1] + 1) >> 1;
    }

    private static int smooth(int[] edge, int at) {
        return (edge[at - 1] + 2 * edge[at] + edge[at + 1] + 2) >> 2;
    }

    private interface Pixel {
        int at(int column, int row);
    }

    private static void each(Vp8Plane plane, int x, int y, Pixel pixel) {
        for (var row = 0; row < 4; row++) {
            var from = plane.at(x, y + row);
            for (var column = 0; column < 4; column++) {
                plane.data[from + column] = (byte) pixel.at(column, row);
            }
        }
    }
}
