package dev.aerie.train.data;

import dev.aerie.text.ImageSlots;
import java.util.stream.IntStream;

/// The words of a sample as numbers; see [Sample] for `ids`, `labels` and `turns`.
///
/// @param cut how many ids were left out because the row would have been too long
@SuppressWarnings("ArrayRecordComponent") // only a carrier; never compared
public record Row(int[] ids, int[] labels, int[] turns, int cut) {

    /// Positions that it takes, its picture's included.
    ///
    /// @param tokens that the picture becomes
    public int positions(int tokens) {
        var slots = IntStream.of(ids).filter(id -> id == ImageSlots.IMAGE).count();
        return ids.length + (int) slots * (tokens - 1);
    }
}
