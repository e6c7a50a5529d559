package dev.aerie.fusion;

import dev.aerie.AerieException;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which experts look at a picture beside the first, which always does.
///
/// @param experts their places in the mixture, from 1 on
public record Route(SortedSet<Integer> experts) {

    /// The first expert alone.
    public static final Route NONE = new Route(new TreeSet<>());

    public Route {
        experts = Collections.unmodifiableSortedSet(new TreeSet<>(experts));
        if (!experts.isEmpty() && experts.first() < 1) {
            throw new AerieException(
                    "cannot ask the experts " + experts + " of a mixture: those that are chosen are counted from 1");
        }
    }

    /// Whether an expert looks.
    boolean asks(int expert) {
        return expert == 0 || experts.contains(expert);
    }
}
