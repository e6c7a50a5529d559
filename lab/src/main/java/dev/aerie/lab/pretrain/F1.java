package dev.aerie.lab.pretrain;

/// Harmonic mean of precision and recall over all cells.
public final class F1 {

    private F1() {}

    /// @param nothing the class of cells with nothing in them
    public static double of(long[] truth, long[] found, long nothing) {
        long right = 0;
        long there = 0;
        long claimed = 0;
        for (int i = 0; i < truth.length; i++) {
            there += truth[i] != nothing ? 1 : 0;
            claimed += found[i] != nothing ? 1 : 0;
            right += truth[i] != nothing && truth[i] == found[i] ? 1 : 0;
        }
        return right == 0 ? 0 : 2.0 * right / (there + claimed);
    }
}
