package dev.aerie.tiling;

import dev.aerie.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// LLaVA-UHD's slices: a picture is cut into about as many as squares of the encoder's size would cover it, in the
/// arrangement whose slices come nearest to squares, and each slice keeps its own shape at about the encoder's number
/// of pixels. Behind each slice stands a comma, behind a row of them a newline, and the whole picture follows.
///
/// @param tile  what is made of a square; slices are multiples of its patch
/// @param most  slices
/// @param cells side of the map of tokens of a slice that stand in the row
public record NativeSlices(TileSize tile, int most, int cells) implements Tiling {

    /// The longest side of a slice, in pixels: very long pictures are compressed.
    private static final int LONGEST = 5120;

    /// Columns and rows for pictures of this size; 1 and 1 where a picture is not cut.
    public Size arrangement(int width, int height) {
        double squares = (double) width * height / ((double) tile.pixels() * tile.pixels());
        int ideal = (int) Math.min(Math.ceil(squares), most);
        var best = new Size(1, 1);
        if (ideal <= 1) {
            return best;
        }
        double shape = Math.log((double) width / height);
        double nearest = Double.POSITIVE_INFINITY;
        for (int count = Math.max(2, ideal - 1); count <= Math.min(ideal + 1, most); count++) {
            for (int columns = 1; columns <= count; columns++) {
                double distance = Math.abs(shape - Math.log((double) columns / ((double) count / columns)));
                if (count % columns == 0 && distance < nearest) {
                    best = new Size(columns, count / columns);
                    nearest = distance;
                }
            }
        }
        return best;
    }

    @Override
    public Set<Piece.Mark> marks() {
        return Set.of(Piece.Mark.LINE, Piece.Mark.NEXT);
    }

    @Override
    public Tiles of(int width, int height) {
        Tiling.requirePicture(width, height);
        var slices = arrangement(width, height);
        var whole = fitted(width, height);
        var views = new ArrayList<View>();
        var order = new ArrayList<Piece>();
        if (slices.area() > 1) {
            var slice = fitted(
                    (double) floored(width, slices.width()) / slices.width(),
                    (double) floored(height, slices.height()) / slices.height());
            var placed = View.whole(slices.width() * slice.width(), slices.height() * slice.height());
            views.addAll(Tiling.cut(placed, slice));
            for (int i = 0; i < views.size(); i++) {
                order.add(Piece.Block.of(i, cells, false));
                order.add((i + 1) % slices.width() == 0 ? Piece.Mark.LINE : Piece.Mark.NEXT);
            }
        }
        order.add(Piece.Block.of(views.size(), cells, false));
        views.add(View.whole(whole.width(), whole.height()));
        return new Tiles(views, List.copyOf(order));
    }

    /// A size of this shape with about as many pixels as the encoder takes, in whole patches.
    private Size fitted(double width, double height) {
        double shape = width / height;
        int tall = (int) (tile.pixels() / Math.sqrt(shape));
        int wide = (int) (tall * shape);
        int longest = floored(Math.max(LONGEST, tile.pixels()), tile.patch());
        return new Size(Math.min(floored(wide, tile.patch()), longest), Math.min(floored(tall, tile.patch()), longest));
    }

    /// The largest multiple that is not above a length, or one.
    private static int floored(int length, int unit) {
        return Math.max(length / unit * unit, unit);
    }
}
