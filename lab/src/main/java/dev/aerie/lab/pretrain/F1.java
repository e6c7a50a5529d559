package dev.aerie.lab.pretrain;

import java.util.ArrayList;
import java.util.List;

/// Harmonic mean of precision and recall over all cells.
public final class F1 {

    private F1() {}

    /// @param nothing the class of cells with nothing in them
    public static double of(long[] truth, long[] found, long nothing) {
        return Tally.share(tallies(truth, found, nothing, truth.length));
    }

    /// The same picture by picture: twice what is right, of what is there and what is claimed.
    ///
    /// @param cells of a picture
    static List<Tally> tallies(long[] truth, long[] found, long nothing, int cells) {
        var tallies = new ArrayList<Tally>();
        for (int from = 0; from < truth.length; from += cells) {
            long right = 0;
            long there = 0;
            long claimed = 0;
            for (int i = from; i < from + cells; i++) {
                there += truth[i] != nothing ? 1 : 0;
                claimed += found[i] != nothing ? 1 : 0;
                right += truth[i] != nothing && truth[i] == found[i] ? 1 : 0;
            }
            tallies.add(new Tally(2.0 * right, there + claimed));
        }
        return tallies;
    }
}
