package dev.aerie.lab.world;

import dev.aerie.AerieException;

/// What a picture is for. Every split has seeds of its own: the split is part of the seed, so that no picture of one is
/// ever drawn for another.
public enum Split {
    TRAINING,
    VALIDATION,
    SCORING;

    private static final int RUN_BITS = 24;
    private static final int INDEX_BITS = 36;

    /// The most runs, 2^24: `run` is the number that a user gives as the seed of a run.
    public static final long RUNS = 1L << RUN_BITS;

    /// The most pictures of a run, 2^36.
    public static final long PICTURES = 1L << INDEX_BITS;

    /// The seed of a picture: two bits for the split, 24 for the run, 36 for the picture's number in the run. Different
    /// arguments give different seeds. Refuses a run or an index out of range.
    public long seed(long run, long index) {
        check("seed", run, RUNS);
        check("number", index, PICTURES);
        return (long) ordinal() << (RUN_BITS + INDEX_BITS) | run << INDEX_BITS | index;
    }

    /// The split that a seed belongs to; an error if it was made by none.
    public static Split of(long seed) {
        var ordinal = seed >>> (RUN_BITS + INDEX_BITS);
        if (ordinal >= values().length) {
            throw new AerieException("cannot say what the seed " + seed + " is for: it was not made by Split.seed");
        }
        return values()[(int) ordinal];
    }

    private static void check(String what, long value, long limit) {
        if (value < 0 || value >= limit) {
            throw new AerieException(
                    "cannot draw pictures of the " + what + " " + value + ": expected 0 to " + (limit - 1));
        }
    }
}
