package dev.aerie.train.data;

import dev.aerie.image.Picture;
import dev.aerie.tiling.Tiles;
import java.util.List;
import java.util.Optional;

/// A picture as a model is shown it.
///
/// @param views  as the tower takes them before normalising; one where the picture is looked at as a whole
/// @param tiles  how several are joined
/// @param tokens that it becomes in the decoder's row
public record Shown(List<Picture> views, Optional<Tiles> tiles, int tokens) {

    public Shown {
        views = List.copyOf(views);
    }

    /// A picture that is looked at as a whole.
    ///
    /// @param prepared `[S, S, 3]` bytes
    public static Shown whole(Picture prepared, int tokens) {
        return new Shown(List.of(prepared), Optional.empty(), tokens);
    }

    /// The view of the whole picture.
    public Picture overview() {
        return views.get(tiles.map(Tiles::overview).orElse(0));
    }
}
