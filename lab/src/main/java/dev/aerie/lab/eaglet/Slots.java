package dev.aerie.lab.eaglet;

import dev.aerie.text.ImageSlots;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Where a row's picture stands, and rows with something else there.
final class Slots {

    private Slots() {}

    /// The place of a row's picture.
    static int ofPicture(int[] ids) {
        return IntStream.range(0, ids.length)
                .filter(i -> ids[i] == ImageSlots.IMAGE)
                .findFirst()
                .orElseThrow();
    }

    /// The row with a piece in place of what stands from `from` up to `to`.
    static int[] replaced(int[] row, int from, int to, int[] piece) {
        return IntStream.concat(
                        IntStream.concat(Arrays.stream(row, 0, from), Arrays.stream(piece)),
                        Arrays.stream(row, to, row.length))
                .toArray();
    }
}
