package dev.aerie.train.data;

/// The words of a sample as numbers; see [Sample] for `ids`, `labels` and `turns`.
///
/// @param cut how many ids were left out because the row would have been too long
@SuppressWarnings("ArrayRecordComponent") // only a carrier; never compared
public record Row(int[] ids, int[] labels, int[] turns, int cut) {}
