package dev.aerie.tiling;

import dev.aerie.image.Size;
import java.util.ArrayList;
import java.util.List;

/// How one picture is looked at. Whoever counts tokens and whoever joins them reads this, so that both agree.
///
/// @param views in the order in which they are looked at
/// @param order of the tokens
public record Tiles(List<View> views, List<Piece> order) {

    public Tiles {
        views = List.copyOf(views);
        order = List.copyOf(order);
    }

    /// Visual tokens, separating ones among them.
    public int tokens() {
        return order.stream().mapToInt(Piece::tokens).sum();
    }

    /// Number of the view that shows the whole picture: it has a canvas of its own.
    public int overview() {
        int first = 0;
        for (var surface : surfaces()) {
            if (surface.views().size() == 1) {
                return first;
            }
            first += surface.views().size();
        }
        return 0;
    }

    /// Views that lie on one canvas, side by side.
    public record Surface(List<View> views) {

        /// Of the canvas, in pixels.
        public Size size() {
            return new Size(
                    views.stream()
                            .mapToInt(view -> view.part().left() + view.part().width())
                            .max()
                            .orElse(0),
                    views.stream()
                            .mapToInt(view -> view.part().top() + view.part().height())
                            .max()
                            .orElse(0));
        }

        /// Columns and rows of views.
        public Size arrangement() {
            int columns = (int) views.stream()
                    .mapToInt(view -> view.part().left())
                    .distinct()
                    .count();
            return new Size(columns, views.size() / columns);
        }
    }

    /// The canvases that the views lie on, in the order of the views.
    public List<Surface> surfaces() {
        var surfaces = new ArrayList<Surface>();
        var together = new ArrayList<View>();
        for (var view : views) {
            if (!together.isEmpty() && (!view.sharesCanvas(together.getFirst()) || together.contains(view))) {
                surfaces.add(new Surface(List.copyOf(together)));
                together.clear();
            }
            together.add(view);
        }
        surfaces.add(new Surface(List.copyOf(together)));
        return surfaces;
    }
}
