package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.fusion.Fusions;
import dev.aerie.lab.world.Page;
import dev.aerie.lab.world.World;
import java.util.List;
import java.util.stream.IntStream;

/// Which cell of a [Page] each visual token of a picture is to say. What tokens stand for is known from
/// the fusion: their number alone does not tell a fine map from several coarse ones, nor from tokens without
/// a place.
///
/// @param cell   side of the page's cells, in pixels
/// @param places of the tokens in turn, the number of a cell each
record PageMap(int cell, List<Integer> places) {

    PageMap {
        places = List.copyOf(places);
    }

    /// The page's cells are the decoder's own where the tokens' map is as fine or finer, and larger
    /// ones where it is coarser. Maps in a row all say the same page.
    ///
    /// @param tokens  of a picture
    /// @param experts how many are joined
    /// @param cell    side of the cells of the decoder's pages
    /// @throws AerieException if the tokens are no map of such a page
    static PageMap of(Fusions fusion, int tokens, int experts, int cell) {
        int maps = fusion == Fusions.SEQUENCE_APPEND ? experts : 1;
        int side = (int) Math.round(Math.sqrt((double) tokens / maps));
        if (isOfPlaces(fusion) && maps * side * side == tokens) {
            int page = Page.side(cell);
            if (side >= page) {
                return new PageMap(cell, places(maps, side, page));
            }
            if (World.SIDE % side == 0) {
                return new PageMap(World.SIDE / side, places(maps, side, side));
            }
        }
        throw new AerieException("cannot teach pages of " + Page.side(cell) * Page.side(cell)
                + " cells: the fusion " + fusion.label() + " gives " + tokens
                + " tokens, which are no map of them; let the last stage go on from the projector's"
                + " (fine-tune.from.checkpoint=projector)");
    }

    /// Whether every token has a place in the picture: an aggregator's have, on a grid of their own.
    private static boolean isOfPlaces(Fusions fusion) {
        return fusion.isMap()
                || fusion == Fusions.SEQUENCE_APPEND
                || fusion == Fusions.SVA
                || fusion == Fusions.SVA_SEPARATE;
    }

    /// @param side of a map of tokens
    /// @param page columns and rows of the page, at most as many
    private static List<Integer> places(int maps, int side, int page) {
        return IntStream.range(0, maps * side * side)
                .map(i -> middle(i / side % side, side, page) * page + middle(i % side, side, page))
                .boxed()
                .toList();
    }

    /// The page's row or column in which the middle of a row or column of tokens lies.
    private static int middle(int at, int side, int page) {
        return (2 * at + 1) * page / (2 * side);
    }
}
