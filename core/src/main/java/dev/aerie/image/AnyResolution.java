package dev.aerie.image;

import dev.aerie.AerieException;
import java.util.ArrayList;
import java.util.List;

/// LLaVA-NeXT's any-resolution pictures: of some canvases the one that keeps most of a picture's pixels is taken, the
/// picture is fitted into it on black, and the canvas is cut into square tiles. The whole picture, made square, is
/// looked at first. Counts of tiles and of the tokens that remain are taken here and nowhere else.
///
/// @param canvases sizes in pixels, in order of preference; multiples of the tile
/// @param tile     side of a tile, in pixels
public record AnyResolution(List<Size> canvases, int tile) {

    /// A size in pixels, tiles or cells.
    public record Size(int width, int height) {

        private long area() {
            return (long) width * height;
        }
    }

    public AnyResolution {
        canvases = List.copyOf(canvases);
        for (var canvas : canvases) {
            if (canvas.width() < 1
                    || canvas.height() < 1
                    || canvas.width() % tile != 0
                    || canvas.height() % tile != 0) {
                throw new AerieException("cannot cut a canvas of " + canvas.width() + "x" + canvas.height()
                        + " pixels (image_grid_pinpoints in config.json) into tiles: expected multiples of " + tile);
            }
        }
        if (canvases.isEmpty()) {
            throw new AerieException("there is no canvas to fit pictures into: expected at least one in"
                    + " image_grid_pinpoints of config.json");
        }
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

    /// The tiles of the canvas, across and down.
    public Size tiles(Size canvas) {
        return new Size(canvas.width() / tile, canvas.height() / tile);
    }

    /// The whole picture, distorted to a square, and then the tiles row by row.
    public List<Picture> cut(Picture picture) {
        var canvas = canvas(picture.width(), picture.height());
        var fitted = fitted(picture, canvas);
        var filled = Canvas.paste(
                Picture.filled(canvas.width(), canvas.height(), 0, 0, 0),
                fitted,
                (canvas.width() - fitted.width()) / 2,
                (canvas.height() - fitted.height()) / 2);
        var parts = new ArrayList<Picture>();
        parts.add(Resize.resize(picture, tile, tile, Filter.BICUBIC));
        for (int y = 0; y < canvas.height(); y += tile) {
            for (int x = 0; x < canvas.width(); x += tile) {
                parts.add(Canvas.crop(filled, new Box(x, y, tile, tile)));
            }
        }
        return parts;
    }

    private static Picture fitted(Picture picture, Size canvas) {
        double across = (double) canvas.width() / picture.width();
        double down = (double) canvas.height() / picture.height();
        int width = canvas.width();
        int height = canvas.height();
        if (across < down) {
            height = Math.min((int) Math.ceil(picture.height() * across), height);
        } else {
            width = Math.min((int) Math.ceil(picture.width() * down), width);
        }
        return Resize.resize(picture, width, height, Filter.BICUBIC);
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

    /// Tokens of a picture of this size: those of the whole, and of each row of cells one more.
    ///
    /// @param grid side of a tile in tokens
    public int tokens(int width, int height, int grid) {
        var tiles = tiles(canvas(width, height));
        var part = covered(new Size(tiles.width() * grid, tiles.height() * grid), width, height);
        return grid * grid + part.height() * (part.width() + 1);
    }
}
