package dev.aerie.train.model;

import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Progress;
import dev.aerie.fusion.Routes;
import dev.aerie.image.Picture;
import dev.aerie.image.Size;
import dev.aerie.nn.Between;
import dev.aerie.tensor.Tensor;
import dev.aerie.train.data.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;

/// Visual tokens of pictures in tiles, with their history. Views of one size are looked at together, whichever picture
/// they are of.
///
/// @param vision looks at tiles
/// @param routes which experts look at which pictures
record TiledPictures(EagleModel.Vision vision, List<Shown> pictures, Routes routes) {

    /// A view, by its picture's number and its own.
    private record ViewAt(int picture, int view) {}

    /// Tokens `[tokens, C]` of each picture.
    ///
    /// @param pixels  of pictures of one size, normalised
    /// @param experts is called between the blocks of expert i
    /// @param fusion  is told of what several blocks read
    List<Tensor> see(Function<List<Picture>, Tensor> pixels, IntFunction<Between> experts, Between fusion) {
        var seen = new LinkedHashMap<ViewAt, Tensor>();
        bySize().values().forEach(places -> {
            var views = pixels.apply(places.stream().map(this::view).toList()); // [V, 3, height, width]
            var tokens = vision.cells(views, routes(places), Progress.SILENT, experts, fusion); // [V, cells², C]
            for (int i = 0; i < places.size(); i++) {
                seen.put(places.get(i), tokens.select(0, i));
            }
        });
        var joined = new ArrayList<Tensor>();
        for (int i = 0; i < pictures.size(); i++) {
            joined.add(join(i, seen));
        }
        return joined;
    }

    private Map<Size, List<ViewAt>> bySize() {
        var places = new LinkedHashMap<Size, List<ViewAt>>();
        for (int picture = 0; picture < pictures.size(); picture++) {
            for (int view = 0; view < pictures.get(picture).views().size(); view++) {
                var place = new ViewAt(picture, view);
                var size = new Size(view(place).width(), view(place).height());
                places.computeIfAbsent(size, _ -> new ArrayList<>()).add(place);
            }
        }
        return places;
    }

    private Picture view(ViewAt place) {
        return pictures.get(place.picture()).views().get(place.view());
    }

    private Routes routes(List<ViewAt> places) {
        return routes.isAll()
                ? routes
                : new Routes(places.stream()
                        .map(place -> routes.each().get(place.picture()))
                        .toList());
    }

    private Tensor join(int picture, Map<ViewAt, Tensor> seen) {
        var shown = pictures.get(picture);
        var views = new ArrayList<Tensor>();
        for (int view = 0; view < shown.views().size(); view++) {
            views.add(seen.get(new ViewAt(picture, view)));
        }
        return vision.tiled().orElseThrow().join(shown.tiles().orElseThrow(), views);
    }
}
