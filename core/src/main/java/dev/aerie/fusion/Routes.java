package dev.aerie.fusion;

import java.util.List;
import java.util.stream.IntStream;

/// Which experts look at which pictures of a batch: MoVA's coarse choice (arXiv 2404.13046, §3.2).
///
/// @param each one for each picture; none where all experts look at all pictures
public record Routes(List<Route> each) {

    /// All experts look at all pictures.
    public static final Routes ALL = new Routes(List.of());

    public Routes {
        each = List.copyOf(each);
    }

    public static Routes of(Route route) {
        return new Routes(List.of(route));
    }

    /// Those of several pictures in one; all must be of one picture, or say that all experts look.
    public static Routes join(List<Routes> pictures) {
        return pictures.stream().anyMatch(Routes::isAll)
                ? ALL
                : new Routes(
                        pictures.stream().map(routes -> routes.each.getFirst()).toList());
    }

    public boolean isAll() {
        return each.isEmpty();
    }

    /// Whether an expert looks at a picture.
    boolean asks(int expert, int picture) {
        return isAll() || each.get(picture).asks(expert);
    }

    /// The pictures of `count` that an expert looks at.
    public int[] pictures(int expert, int count) {
        return IntStream.range(0, count)
                .filter(picture -> asks(expert, picture))
                .toArray();
    }
}
