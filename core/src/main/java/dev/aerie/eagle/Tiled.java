package dev.aerie.eagle;

import dev.aerie.fusion.Seen;
import dev.aerie.image.AnyResolution;
import dev.aerie.image.Box;
import dev.aerie.image.Picture;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import java.util.List;

/// LLaVA-NeXT's visual tokens: those of the whole picture, then those of its tiles laid out as one map, without what
/// the
/// padding covers, a learned token at the end of each row.
///
/// @param newline `[hidden]`
public record Tiled(AnyResolution tiles, Tensor newline) {

    static Tiled of(ParameterSource model, AnyResolution tiles, int hidden) {
        return new Tiled(tiles, model.parameter("image_newline", hidden));
    }

    /// @param seen `[1 + tiles, grid², hidden]` of the picture's parts
    Seen join(Picture picture, Tensor seen) {
        int grid = (int) Math.round(Math.sqrt(seen.size(1)));
        long hidden = seen.size(2);
        var count = tiles.tiles(tiles.canvas(picture.width(), picture.height()));
        long rows = (long) count.height() * grid;
        long columns = (long) count.width() * grid;
        var map = seen.narrow(0, 1, seen.size(0) - 1)
                .reshape(count.height(), count.width(), grid, grid, hidden)
                .permute(0, 2, 1, 3, 4)
                .reshape(rows, columns, hidden);
        var cells = new AnyResolution.Size((int) columns, (int) rows);
        Box part = AnyResolution.covered(cells, picture.width(), picture.height());
        var kept = map.narrow(0, part.top(), part.height()).narrow(1, part.left(), part.width());
        var ends = newline.to(seen.dtype()).reshape(1, 1, hidden).expand(part.height(), 1, hidden);
        var lines = Tensors.cat(List.of(kept, ends), 1).reshape(-1, hidden); // [rows · (columns + 1), hidden]
        return Seen.of(Tensors.cat(List.of(seen.select(0, 0), lines), 0).unsqueeze(0));
    }
}
