package dev.aerie.tiling;

import dev.aerie.AerieException;
import java.util.Optional;

/// A method by name, and how many tiles it may make.
///
/// @param most tiles, the whole picture not among them
public record TilingChoice(Tilings method, int most) {

    public TilingChoice {
        method.require(most);
    }

    /// Reads `internvl`, or `internvl:6` for another limit than the usual one.
    public static TilingChoice of(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            var method = Tilings.named(text);
            return new TilingChoice(method, method.most());
        }
        var number = text.substring(colon + 1);
        if (!number.matches("\\d{1,4}")) {
            throw new AerieException(
                    "cannot tile by '" + text + "': expected a name, or a name and the most tiles as in internvl:6");
        }
        return new TilingChoice(Tilings.named(text.substring(0, colon)), Integer.parseInt(number));
    }

    /// The same with one tile less, if the method can do with it.
    public Optional<TilingChoice> fewer() {
        return most > method.fewest() ? Optional.of(new TilingChoice(method, most - 1)) : Optional.empty();
    }

    /// @param tile what the encoder makes of a tile
    public Tiling make(TileSize tile) {
        return method.make(tile, most);
    }

    /// The same for the tiles of the method's authors.
    public Tiling published() {
        return make(method.published());
    }

    @Override
    public String toString() {
        return most == method.most() ? method.label() : method.label() + ":" + most;
    }
}
