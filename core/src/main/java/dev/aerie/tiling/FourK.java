package dev.aerie.tiling;

import dev.aerie.image.Box;
import dev.aerie.image.Filter;
import dev.aerie.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// InternLM-XComposer2-4KHD's tiles: a picture keeps its shape and becomes as large as so many tiles allow, on white.
/// The whole is looked at first. Squares of two by two tokens become one; every row of the whole and of the map of
/// tiles ends with a newline, and one token stands between both.
///
/// @param tile  what is made of a tile
/// @param most  tiles, the whole not among them
/// @param cells side of the map of tokens of a tile that stand in the row
public record FourK(TileSize tile, int most, int cells) implements Tiling {

    /// A picture on its canvas, both in pixels.
    ///
    /// @param scaled size of the resized picture
    /// @param canvas in whole tiles; it is wider or higher than the picture, not both
    public record Fit(Size scaled, Size canvas) {

        private Fit turned() {
            return new Fit(new Size(scaled.height(), scaled.width()), new Size(canvas.height(), canvas.width()));
        }
    }

    /// How pictures of this size are scaled and padded.
    public Fit fit(int width, int height) {
        if (width < height) {
            return fit(height, width).turned();
        }
        double shape = (double) width / height;
        int columns = 1;
        while ((columns + 1) * (long) Math.ceil((columns + 1) / shape) <= most) {
            columns++;
        }
        int side = tile.pixels();
        int wide = columns * side;
        int tall = Math.max(1, (int) (wide / shape));
        return new Fit(new Size(wide, tall), new Size(wide, Math.ceilDiv(tall, side) * side));
    }

    @Override
    public Set<Piece.Mark> marks() {
        return Set.of(Piece.Mark.LINE, Piece.Mark.PART);
    }

    @Override
    public Tiles of(int width, int height) {
        Tiling.requirePicture(width, height);
        var fit = fit(width, height);
        int side = tile.pixels();
        var views = new ArrayList<View>();
        views.add(placed(shrunk(fit), new Size(side, side)));
        views.addAll(Tiling.cut(placed(fit.scaled(), fit.canvas()), new Size(side, side)));
        var tiles = new Size(fit.canvas().width() / side, fit.canvas().height() / side);
        return new Tiles(
                views, List.of(Piece.Block.of(0, cells, true), Piece.Mark.PART, Piece.Block.of(1, tiles, cells, true)));
    }

    /// The size of the picture on a canvas shrunk to one tile.
    private Size shrunk(Fit fit) {
        double across = (double) fit.scaled().width() / fit.canvas().width();
        double down = (double) fit.scaled().height() / fit.canvas().height();
        return new Size(Math.max(1, (int) Math.round(across * tile.pixels())), Math.max(1, (int)
                Math.round(down * tile.pixels())));
    }

    private static View placed(Size scaled, Size canvas) {
        int left = (canvas.width() - scaled.width()) / 2;
        int top = (canvas.height() - scaled.height()) / 2;
        var whole = Box.whole(canvas.width(), canvas.height());
        return new View(scaled, Filter.BILINEAR, left, top, 255, whole);
    }
}
