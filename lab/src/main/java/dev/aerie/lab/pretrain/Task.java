package dev.aerie.lab.pretrain;

import dev.aerie.lab.world.Drawing;
import dev.aerie.tensor.Tensor;
import java.util.List;

/// What an expert learns alone.
public interface Task {

    /// The loss of a batch, a number with its history.
    Tensor loss(List<Drawing> batch);

    /// How well held-out pictures are done: between 0 and 1, by the measure that [#measure] names.
    double score(List<Drawing> heldOut);

    /// The name of the score.
    String measure();
}
