package dev.aerie.train.plan;

import dev.aerie.tiling.Tiling;
import java.util.Optional;

/// The most that a picture of any shape takes.
///
/// @param views  that are looked at
/// @param tokens that it becomes
public record MostTiles(int views, int tokens) {

    /// No tiling makes more tiles of a picture.
    private static final int MOST = 64;

    /// @param input side of a tile
    /// @param whole tokens of a picture that is looked at as a whole
    static MostTiles of(Optional<Tiling> tiling, int input, int whole) {
        return tiling.map(method -> of(method, input)).orElse(new MostTiles(1, whole));
    }

    private static MostTiles of(Tiling method, int input) {
        int views = 0;
        int tokens = 0;
        for (int across = 1; across <= MOST; across++) {
            for (int down = 1; across * down <= MOST; down++) {
                var tiles = method.of(across * input, down * input);
                views = Math.max(views, tiles.views().size());
                tokens = Math.max(tokens, tiles.tokens());
            }
        }
        return new MostTiles(views, tokens);
    }
}
