package dev.aerie.tiling;

import dev.aerie.image.Size;

/// Monkey's windows: every picture is stretched to one size and looked at through windows side by side, then as a
/// whole. What a resampler makes of each window stands in the row, the whole last, without separators.
///
/// @param windows columns and rows
/// @param tile    what is made of a window
/// @param cells   side of the map of tokens of a window that stand in the row
public record FixedWindows(Size windows, TileSize tile, int cells) implements Tiling {

    @Override
    public Tiles of(int width, int height) {
        Tiling.requirePicture(width, height);
        return DynamicTiles.stretched(windows, tile.pixels(), cells);
    }
}
