package dev.aerie.train.data;

import dev.aerie.image.Picture;
import java.util.Optional;

/// One row for the model.
///
/// @param id      of the record, for reports
/// @param ids     tokens, with [dev.aerie.text.ImageSlots#IMAGE] where the picture goes
/// @param labels  as many: the id where the model is to learn it, [dev.aerie.text.Labels#IGNORE] elsewhere
/// @param turns   as many: 0 for the prefix, k for the k-th turn that sees only the prefix and itself
/// @param picture prepared for the tower, not yet normalised
@SuppressWarnings("ArrayRecordComponent")
public record Sample(String id, int[] ids, int[] labels, int[] turns, Optional<Picture> picture) {}
