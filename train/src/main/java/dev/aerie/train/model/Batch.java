package dev.aerie.train.model;

import dev.aerie.fusion.Routes;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labels;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.Shown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Samples side by side, padded on the right to the longest. A picture's slot is spread over its visual tokens, each of
/// which reads [ImageSlots#IMAGE] in `ids`.
///
/// @param ids      `[B][T]`
/// @param labels   `[B][T]`; position t holds what the model is to learn *at* t, so it is predicted from t − 1
/// @param turns    `[B][T]`, see [dev.aerie.language.Rows]
/// @param also     `[B][T]` further tokens of a position, see [Sample]; rows that have none are empty
/// @param lengths  `[B]`: where padding begins
/// @param pictures in the order of the rows
/// @param routes   which experts look at them
@SuppressWarnings("ArrayRecordComponent")
public record Batch(
        int[][] ids,
        int[][] labels,
        int[][] turns,
        int[][][] also,
        int[] lengths,
        List<Shown> pictures,
        Routes routes) {

    /// @param most rows are cut to so many positions, visual tokens included
    public static Batch of(List<Sample> samples, int most) {
        var rows = samples.stream().map(Batch::spread).toList();
        int longest = Math.min(
                most, rows.stream().mapToInt(row -> row.ids().length).max().orElse(0));
        int n = samples.size();
        var batch = new Batch(
                new int[n][], new int[n][], new int[n][], new int[n][][], new int[n], new ArrayList<>(), Routes.ALL);
        for (int b = 0; b < n; b++) {
            var row = rows.get(b);
            int length = Math.min(row.ids().length, longest);
            batch.lengths[b] = length;
            batch.ids[b] = Arrays.copyOf(row.ids(), longest);
            batch.labels[b] = Arrays.copyOf(row.labels(), longest);
            Arrays.fill(batch.labels[b], length, longest, Labels.IGNORE);
            batch.turns[b] = Arrays.copyOf(row.turns(), longest);
            Arrays.fill(batch.turns[b], length, longest, length == 0 ? 0 : row.turns()[length - 1]);
            batch.also[b] = Arrays.copyOf(row.also(), Math.min(row.also().length, length));
            samples.get(b).picture().ifPresent(batch.pictures::add);
        }
        return batch;
    }

    private static Sample spread(Sample sample) {
        int visualTokens = sample.picture().map(Shown::tokens).orElse(1);
        int slots = (int)
                Arrays.stream(sample.ids()).filter(id -> id == ImageSlots.IMAGE).count();
        int length = sample.ids().length + slots * (visualTokens - 1);
        var ids = new int[length];
        var labels = new int[length];
        var turns = new int[length];
        var also = new int[sample.also().length == 0 ? 0 : length][];
        int at = 0;
        for (int i = 0; i < sample.ids().length; i++) {
            int width = sample.ids()[i] == ImageSlots.IMAGE ? visualTokens : 1;
            Arrays.fill(ids, at, at + width, sample.ids()[i]);
            Arrays.fill(labels, at, at + width, sample.labels()[i]);
            Arrays.fill(turns, at, at + width, sample.turns()[i]);
            if (also.length > 0) {
                Arrays.fill(also, at, at + width, sample.also()[i]);
            }
            at += width;
        }
        return new Sample(sample.id(), ids, labels, turns, also, sample.picture());
    }

    /// The same with others that look at its pictures.
    public Batch with(Routes other) {
        return new Batch(ids, labels, turns, also, lengths, pictures, other);
    }

    public int rows() {
        return ids.length;
    }

    /// Positions of a row, padding included.
    public int tokens() {
        return ids.length == 0 ? 0 : ids[0].length;
    }

    /// How many labels are learned.
    public int learned() {
        int n = 0;
        for (var row : labels) {
            for (int t = 1; t < row.length; t++) {
                n += row[t] == Labels.IGNORE ? 0 : 1;
            }
        }
        return n;
    }
}
