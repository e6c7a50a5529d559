package dev.aerie.eagle;

import dev.aerie.fusion.Seen;
import dev.aerie.image.Picture;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.tiling.AnyResolution;
import dev.aerie.tiling.Piece;
import dev.aerie.tiling.Tiling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Visual tokens of pictures that are looked at in several views.
///
/// @param marks what separates, `[hidden]`
public record Tiled(Tiling tiling, Function<Piece.Mark, Tensor> marks) {

    /// LLaVA-NeXT's tiles with its learned newline.
    static Tiled of(ParameterSource model, AnyResolution tiles, int hidden) {
        var newline = model.parameter("image_newline", hidden);
        return new Tiled(tiles, _ -> newline);
    }

    /// Looks at the views one by one and joins what is seen in the method's order.
    ///
    /// @param see tokens `[cells², hidden]` of a view
    Seen look(Picture picture, Function<Picture, Tensor> see) {
        var tiles = tiling.of(picture.width(), picture.height());
        var views = new ArrayList<Tensor>();
        for (var view : tiles.views()) {
            try (var scope = TensorScope.open()) {
                views.add(scope.keep(see.apply(view.of(picture))));
            }
        }
        var pieces = tiles.order().stream().map(piece -> tokens(piece, views)).toList();
        return Seen.of(Tensors.cat(pieces, 0).unsqueeze(0)); // [1, tokens, hidden]
    }

    /// `[tokens, hidden]`
    private Tensor tokens(Piece piece, List<Tensor> views) {
        return switch (piece) {
            case Piece.Mark mark -> mark(mark, views).unsqueeze(0);
            case Piece.Block block -> block(block, views);
        };
    }

    private Tensor block(Piece.Block block, List<Tensor> views) {
        var count = block.views();
        var cells = block.cells();
        var part = block.kept();
        long hidden = views.getFirst().size(1);
        var map = Tensors.cat(views.subList(block.first(), block.first() + Math.toIntExact(count.area())), 0)
                .reshape(count.height(), count.width(), cells.height(), cells.width(), hidden)
                .permute(0, 2, 1, 3, 4)
                .reshape((long) count.height() * cells.height(), (long) count.width() * cells.width(), hidden);
        var kept = map.narrow(0, part.top(), part.height()).narrow(1, part.left(), part.width());
        if (block.lines()) {
            var ends = mark(Piece.Mark.LINE, views).reshape(1, 1, hidden).expand(part.height(), 1, hidden);
            kept = Tensors.cat(List.of(kept, ends), 1);
        }
        return kept.reshape(-1, hidden);
    }

    private Tensor mark(Piece.Mark mark, List<Tensor> views) {
        return marks.apply(mark).to(views.getFirst().dtype());
    }
}
