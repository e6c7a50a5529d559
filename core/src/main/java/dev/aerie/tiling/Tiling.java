package dev.aerie.tiling;

import dev.aerie.AerieException;
import dev.aerie.image.Box;
import dev.aerie.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A way to look at pictures in several views. What is looked at depends on a picture's size alone.
public interface Tiling {

    /// How a picture of this size in pixels is looked at.
    Tiles of(int width, int height);

    /// Side of the map of tokens that a view becomes; where an encoder gives more, they are merged to as many.
    int cells();

    /// What separates views and rows of tokens; of a single view, perhaps nothing.
    default Set<Piece.Mark> marks() {
        return Set.of();
    }

    /// The tiles of a canvas, row by row.
    ///
    /// @param placed a view of the picture on the canvas; its part is the canvas
    /// @param tile   size of a tile, which divides the canvas
    static List<View> cut(View placed, Size tile) {
        var views = new ArrayList<View>();
        var canvas = placed.part();
        for (int y = 0; y < canvas.height(); y += tile.height()) {
            for (int x = 0; x < canvas.width(); x += tile.width()) {
                var part = new Box(x, y, tile.width(), tile.height());
                views.add(placed.at(part));
            }
        }
        return views;
    }

    /// Refuses a size that is none.
    static void requirePicture(int width, int height) {
        if (width < 1 || height < 1) {
            throw new AerieException(
                    "cannot tile a picture of " + width + "x" + height + " pixels: expected at least 1x1");
        }
    }
}
