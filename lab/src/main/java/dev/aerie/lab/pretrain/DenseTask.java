package dev.aerie.lab.pretrain;

import dev.aerie.lab.world.Drawing;
import java.util.List;

/// A task that is scored picture by picture.
public interface DenseTask extends Task {

    /// What each held-out picture adds to the score.
    List<Tally> tallies(List<Drawing> heldOut);

    @Override
    default double score(List<Drawing> heldOut) {
        return Tally.share(tallies(heldOut));
    }
}
