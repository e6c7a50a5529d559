package dev.aerie.tiling;

import dev.aerie.AerieException;

/// What an encoder makes of one square picture.
///
/// @param pixels side of the picture
/// @param tokens side of the map of tokens that it becomes
/// @param merged side of the map that the model itself leaves of that, where its fusion merges tokens
public record TileSize(int pixels, int tokens, int merged) {

    public TileSize {
        if (merged < 1 || tokens < merged || pixels < tokens) {
            throw new AerieException("cannot make tiles of " + pixels + " pixels a side for " + tokens
                    + " tokens a side: expected at least one token, of at least one pixel");
        }
    }

    /// Of a model that merges nothing.
    public TileSize(int pixels, int tokens) {
        this(pixels, tokens, tokens);
    }

    /// The side of the map that is left where a method wants one of `cells`: merging goes on from what is there.
    int cells(int cells) {
        return Math.min(Math.max(1, cells), merged);
    }

    /// Side of the square of pixels behind one token.
    int patch() {
        return pixels / tokens;
    }
}
