package dev.aerie.fusion;

import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/// Where pictures stand in the decoder's rows.
///
/// @param rows the places of each row, in order; one row may stand for several equal ones
public record Places(List<List<Place>> rows) {

    /// @param at      position of the first token
    /// @param tokens  that stand there; fewer than the picture has where the row was cut
    /// @param picture index among all pictures of all rows
    public record Place(int at, int tokens, int picture) {}

    public Places {
        rows = rows.stream().map(List::copyOf).toList();
    }

    /// Gives a picture's hidden states, or those of them that are at hand, another value.
    @FunctionalInterface
    interface OnPicture {

        /// @param part  `[1, n, C]`
        /// @param first which of the picture's tokens comes first
        Tensor apply(Tensor part, int picture, int first);
    }

    /// Gives the positions behind a picture another value.
    @FunctionalInterface
    interface OnFollowing {

        /// @param part    `[1, n, C]`
        /// @param picture the last one that stands before or at these positions; −1 where there is none
        Tensor apply(Tensor part, int picture);
    }

    private List<Place> row(int index) {
        return rows.get(rows.size() == 1 ? 0 : index);
    }

    /// Changes the pictures' own positions.
    ///
    /// @param hidden `[B, T, C]` of the positions from `start` on
    Tensor onPictures(Tensor hidden, int start, OnPicture change) {
        int end = start + Math.toIntExact(hidden.size(1));
        if (rows.stream().flatMap(List::stream).noneMatch(place -> from(place, start) < to(place, end))) {
            return hidden;
        }
        var all = new ArrayList<Tensor>();
        for (int b = 0; b < hidden.size(0); b++) {
            var row = hidden.narrow(0, b, 1);
            var parts = new ArrayList<Tensor>();
            int done = start;
            for (var place : row(b)) {
                int from = from(place, start);
                int to = to(place, end);
                if (from < to) {
                    if (done < from) {
                        parts.add(row.narrow(1, done - start, from - done));
                    }
                    parts.add(change.apply(row.narrow(1, from - start, to - from), place.picture(), from - place.at()));
                    done = to;
                }
            }
            if (done < end) {
                parts.add(row.narrow(1, done - start, end - done));
            }
            all.add(Tensors.cat(parts, 1));
        }
        return Tensors.cat(all, 0);
    }

    private static int from(Place place, int start) {
        return Math.max(place.at(), start);
    }

    private static int to(Place place, int end) {
        return Math.min(place.at() + place.tokens(), end);
    }

    /// Changes all positions, each in the light of the last picture before it.
    ///
    /// @param hidden `[B, T, C]` of the positions from `start` on
    Tensor onFollowing(Tensor hidden, int start, OnFollowing change) {
        int end = start + Math.toIntExact(hidden.size(1));
        var all = new ArrayList<Tensor>();
        for (int b = 0; b < hidden.size(0); b++) {
            var row = hidden.narrow(0, b, 1);
            var parts = new ArrayList<Tensor>();
            int done = start;
            int picture = -1;
            for (var place : row(b)) {
                int until = Math.min(place.at(), end);
                if (done < until) {
                    parts.add(change.apply(row.narrow(1, done - start, until - done), picture));
                    done = until;
                }
                picture = place.picture();
            }
            if (done < end) {
                parts.add(change.apply(row.narrow(1, done - start, end - done), picture));
            }
            all.add(Tensors.cat(parts, 1));
        }
        return Tensors.cat(all, 0);
    }
}
