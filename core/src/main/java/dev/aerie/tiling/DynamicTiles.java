package dev.aerie.tiling;

import dev.aerie.image.Size;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// InternVL's dynamic tiles: of all arrangements with at most so many tiles the one is taken whose shape comes nearest
/// to the picture's, and the picture is stretched to it. A small copy of the whole follows where there are several.
/// Squares of two by two tokens become one, and all stand in the row without separators.
///
/// @param tile what is made of a tile
/// @param most tiles, the whole not among them
/// @param cells side of the map of tokens of a tile that stand in the row
public record DynamicTiles(TileSize tile, int most, int cells) implements Tiling {

    /// Columns and rows for pictures of this size. Of equally good ones the largest is taken of which the picture has
    /// more than half the pixels.
    public Size arrangement(int width, int height) {
        var best = new Size(1, 1);
        double nearest = Double.POSITIVE_INFINITY;
        double pixels = (double) tile.pixels() * tile.pixels();
        for (var candidate : candidates()) {
            double distance = Math.abs((double) width / height - (double) candidate.width() / candidate.height());
            boolean enough = (double) width * height > 0.5 * pixels * candidate.area();
            if (distance < nearest || distance == nearest && enough) {
                best = candidate;
                nearest = distance;
            }
        }
        return best;
    }

    private List<Size> candidates() {
        var candidates = new ArrayList<Size>();
        for (int columns = 1; columns <= most; columns++) {
            for (int rows = 1; columns * rows <= most; rows++) {
                candidates.add(new Size(columns, rows));
            }
        }
        candidates.sort(Comparator.comparingLong(Size::area)); // columns ascend within an area: the sort is stable
        return candidates;
    }

    @Override
    public Tiles of(int width, int height) {
        Tiling.requirePicture(width, height);
        return stretched(arrangement(width, height), tile.pixels(), cells);
    }

    /// A picture stretched to so many tiles; where there are several, the whole follows.
    static Tiles stretched(Size tiles, int side, int cells) {
        var placed = View.whole(tiles.width() * side, tiles.height() * side);
        var views = Tiling.cut(placed, new Size(side, side));
        if (views.size() > 1) {
            views.add(View.whole(side, side));
        }
        var order = new ArrayList<Piece>();
        for (int i = 0; i < views.size(); i++) {
            order.add(Piece.Block.of(i, cells, false));
        }
        return new Tiles(views, order);
    }
}
