package dev.aerie.tiling;

import dev.aerie.AerieException;

/// What an encoder makes of one square picture.
///
/// @param pixels side of the picture
/// @param tokens side of the map of tokens that it becomes
public record TileSize(int pixels, int tokens) {

    public TileSize {
        if (tokens < 1 || pixels < tokens) {
            throw new AerieException("cannot make tiles of " + pixels + " pixels a side for " + tokens
                    + " tokens a side: expected at least one token, of at least one pixel");
        }
    }

    /// Side of the square of pixels behind one token.
    int patch() {
        return pixels / tokens;
    }
}
