package dev.aerie.eagle;

import dev.aerie.fusion.Seen;
import dev.aerie.image.Picture;
import dev.aerie.nn.Beginning;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.tiling.Piece;
import dev.aerie.tiling.Tiles;
import dev.aerie.tiling.Tiling;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/// Visual tokens of pictures that are looked at in several views.
///
/// @param learned what separates, `[hidden]` each, where the model was trained with it; a newline stands for the others
/// @param words   what separates where the model has learned nothing for it
public record Tiled(Tiling tiling, Map<Piece.Mark, Tensor> learned, Function<Piece.Mark, Tensor> words) {

    /// Tiles that the model is trained with. What separates is learned, begins as LLaVA-NeXT's newline does and has its
    /// name: `image_newline`, `image_next`, `image_part`.
    static Tiled of(ParameterSource model, Tiling tiling, int hidden) {
        var beginning = Beginning.normal(1 / Math.sqrt(hidden));
        var learned = new EnumMap<Piece.Mark, Tensor>(Piece.Mark.class);
        for (var mark : new TreeSet<>(tiling.marks())) {
            learned.put(mark, model.parameter(name(mark), beginning, hidden));
        }
        return new Tiled(tiling, learned, mark -> {
            throw new IllegalStateException(tiling + " did not say that it separates by " + mark);
        });
    }

    /// Whether a tensor of a checkpoint is learned to separate.
    public static boolean isMark(String tensor) {
        return tensor.startsWith("model.image_");
    }

    private static String name(Piece.Mark mark) {
        return switch (mark) {
            case LINE -> "image_newline";
            case NEXT -> "image_next";
            case PART -> "image_part";
        };
    }

    /// Looks at the views one by one and joins what is seen.
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
        return Seen.of(join(tiles, views).unsqueeze(0)); // [1, tokens, hidden]
    }

    /// The tokens `[tokens, hidden]` of views in the method's order, with what separates them.
    ///
    /// @param views tokens `[cells², hidden]` of each
    public Tensor join(Tiles tiles, List<Tensor> views) {
        var pieces = tiles.order().stream().map(piece -> tokens(piece, views)).toList();
        return Tensors.cat(pieces, 0);
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
                .reshape(count.height(), count.width(), cells.height(), cells.width(), hidden) // [rows, cols, h, w, C]
                .permute(0, 2, 1, 3, 4) // [rows, h, cols, w, C]
                .reshape((long) count.height() * cells.height(), (long) count.width() * cells.width(), hidden);
        var kept = map.narrow(0, part.top(), part.height()).narrow(1, part.left(), part.width());
        if (block.lines()) {
            var ends = mark(Piece.Mark.LINE, views).reshape(1, 1, hidden).expand(part.height(), 1, hidden);
            kept = Tensors.cat(List.of(kept, ends), 1);
        }
        return kept.reshape(-1, hidden);
    }

    private Tensor mark(Piece.Mark mark, List<Tensor> views) {
        var made = learned.getOrDefault(mark, learned.get(Piece.Mark.LINE));
        return (made != null ? made : words.apply(mark)).to(views.getFirst().dtype());
    }
}
