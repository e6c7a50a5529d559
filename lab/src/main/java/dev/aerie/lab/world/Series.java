package dev.aerie.lab.world;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// An endless row of pictures.
///
/// @param run the number of the row, from 0 to [Split#RUNS] - 1
/// @param kinds which kinds to draw; pictures of other kinds are left out, so that the rest is the same as without
public record Series(Split split, long run, Set<Kind> kinds) {

    /// Refuses a run out of range; no kinds stands for all.
    public Series {
        split.seed(run, 0);
        kinds = Set.copyOf(kinds.isEmpty() ? EnumSet.allOf(Kind.class) : kinds);
    }

    /// Pictures of all kinds.
    public static Series of(Split split, long run) {
        return new Series(split, run, Set.of());
    }

    /// The seeds of the pictures.
    public LongStream seeds() {
        return LongStream.range(0, Split.PICTURES)
                .map(index -> split.seed(run, index))
                .filter(seed -> kinds.contains(World.kind(seed)));
    }

    /// The pictures, drawn as they are taken.
    public Stream<Drawing> drawings() {
        return seeds().mapToObj(World::draw);
    }
}
