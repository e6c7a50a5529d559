package dev.aerie.train.data;

import java.util.Optional;

/// What a model is trained on: one row of ids, and the picture that stands in it.
///
/// @param id      of the record; `#` and its number where it has none
/// @param ids     `[T]` tokens, with one [ImageSlots#IMAGE] where the picture goes
/// @param labels  `[T]` the id where it is to be learned, [Labels#IGNORE] elsewhere
/// @param turns   `[T]` 0 for a token that sees all before it (and is seen by all behind it); k ≥ 1 for one of the k-th
///                independent turn (counted with those left out), which sees the zeros and its own turn, and whose
/// positions go on from the zeros
/// @param also    `[T]` further tokens of a position, whose embeddings are added to its own; no rows at all where no
///                position has any
/// @param picture as the model is shown it
@SuppressWarnings("ArrayRecordComponent") // only a carrier; never compared
public record Sample(String id, int[] ids, int[] labels, int[] turns, int[][] also, Optional<Shown> picture) {

    /// One token to a position.
    public Sample(String id, int[] ids, int[] labels, int[] turns, Optional<Shown> picture) {
        this(id, ids, labels, turns, new int[0][], picture);
    }
}
