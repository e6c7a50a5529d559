package dev.aerie.tiling;

import dev.aerie.AerieException;
import dev.aerie.image.Box;
import dev.aerie.image.Filter;
import dev.aerie.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// LLaVA-NeXT's any-resolution pictures: of some canvases the one that keeps most of a picture's pixels is taken, the
/// picture is fitted into it on black, and the canvas is cut into square tiles. The whole picture, made square, is
/// looked at first. The tiles are read as one map, without the cells that the picture does not cover.
///
/// @param canvases sizes in pixels, in order of preference; multiples of the tile
/// @param tile     what is made of a tile
public record AnyResolution(List<Size> canvases, TileSize tile) implements Tiling {

    /// LLaVA-1.6's canvases, in tiles.
    private static final List<Size> PUBLISHED =
            List.of(new Size(1, 2), new Size(2, 1), new Size(2, 2), new Size(3, 1), new Size(1, 3));

    public AnyResolution {
        canvases = List.copyOf(canvases);
        for (var canvas : canvases) {
            if (canvas.width() < 1
                    || canvas.height() < 1
                    || canvas.width() % tile.pixels() != 0
                    || canvas.height() % tile.pixels() != 0) {
                throw new AerieException("cannot cut a canvas of " + canvas
                        + " pixels (image_grid_pinpoints in config.json) into tiles: expected multiples of "
                        + tile.pixels());
            }
        }
        if (canvases.isEmpty()) {
            throw new AerieException("there is no canvas to fit pictures into: expected at least one in"
                    + " image_grid_pinpoints of config.json");
        }
    }

    /// Those of LLaVA-1.6's canvases that have no more than `most` tiles.
    static AnyResolution published(TileSize tile, int most) {
        var scaled = PUBLISHED.stream()
                .filter(canvas -> canvas.area() <= most)
                .map(canvas -> new Size(canvas.width() * tile.pixels(), canvas.height() * tile.pixels()))
                .toList();
        return new AnyResolution(scaled, tile);
    }

    /// The same canvases of other tiles.
    public AnyResolution withTile(TileSize other) {
        int was = tile.pixels();
        var scaled = canvases.stream()
                .map(canvas -> new Size(canvas.width() / was * other.pixels(), canvas.height() / was * other.pixels()))
                .toList();
        return new AnyResolution(scaled, other);
    }

    /// The canvas for pictures of this size: the one that keeps most pixels, and of those the one that wastes least.
    public Size canvas(int width, int height) {
        var best = canvases.getFirst();
        long mostKept = -1;
        long leastWasted = Long.MAX_VALUE;
        for (var canvas : canvases) {
            double scale = Math.min((double) canvas.width() / width, (double) canvas.height() / height);
            long fitted = (long) (int) (width * scale) * (int) (height * scale);
            long kept = Math.min(fitted, (long) width * height);
            long wasted = canvas.area() - kept;
            if (kept > mostKept || kept == mostKept && wasted < leastWasted) {
                best = canvas;
                mostKept = kept;
                leastWasted = wasted;
            }
        }
        return best;
    }

    @Override
    public int cells() {
        return tile.merged();
    }

    @Override
    public Set<Piece.Mark> marks() {
        return Set.of(Piece.Mark.LINE);
    }

    @Override
    public Tiles of(int width, int height) {
        Tiling.requirePicture(width, height);
        var canvas = canvas(width, height);
        int side = tile.pixels();
        var views = new ArrayList<View>();
        views.add(View.whole(side, side));
        views.addAll(Tiling.cut(placed(canvas, width, height), new Size(side, side)));
        var tiles = new Size(canvas.width() / side, canvas.height() / side);
        var cells = new Size(tiles.width() * cells(), tiles.height() * cells());
        var map = new Piece.Block(1, tiles, new Size(cells(), cells()), covered(cells, width, height), true);
        return new Tiles(views, List.of(Piece.Block.of(0, cells(), false), map));
    }

    private static View placed(Size canvas, int pictureWidth, int pictureHeight) {
        double across = (double) canvas.width() / pictureWidth;
        double down = (double) canvas.height() / pictureHeight;
        int width = canvas.width();
        int height = canvas.height();
        if (across < down) {
            height = Math.min((int) Math.ceil(pictureHeight * across), height);
        } else {
            width = Math.min((int) Math.ceil(pictureWidth * down), width);
        }
        int left = (canvas.width() - width) / 2;
        int top = (canvas.height() - height) / 2;
        var whole = Box.whole(canvas.width(), canvas.height());
        return new View(new Size(width, height), Filter.BICUBIC, left, top, 0, whole);
    }

    /// The part of a canvas of `cells` cells that a picture of this size covers; what was black is left out, except for
    /// one row or column where the padding is odd.
    public static Box covered(Size cells, int width, int height) {
        if ((double) width / height > (double) cells.width() / cells.height()) {
            int kept = (int) (height * ((double) cells.width() / width));
            int padding = (cells.height() - kept) / 2;
            return new Box(0, padding, cells.width(), cells.height() - 2 * padding);
        }
        int kept = (int) (width * ((double) cells.height() / height));
        int padding = (cells.width() - kept) / 2;
        return new Box(padding, 0, cells.width() - 2 * padding, cells.height());
    }
}
