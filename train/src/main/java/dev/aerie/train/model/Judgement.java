package dev.aerie.train.model;

import dev.aerie.text.Labels;
import java.util.ArrayList;
import java.util.List;

/// Predictions beside the truth: the likeliest token at every learned position, given all before it.
///
/// @param loss    sum of the cross-entropies
/// @param answers one for each run of learned positions of a row
public record Judgement(double loss, int learned, List<Answer> answers) {

    /// @param row   of the batch
    /// @param turn  of the row, see [dev.aerie.train.data.Sample]
    /// @param exact whether every token is the likeliest
    public record Answer(int row, int turn, boolean exact) {}

    /// @param likeliest tokens at the learned positions, row by row
    static Judgement of(Batch batch, double loss, long[] likeliest) {
        var answers = new ArrayList<Answer>();
        int at = 0;
        for (int b = 0; b < batch.rows(); b++) {
            var labels = batch.labels()[b];
            for (int t = 1; t < labels.length; ) {
                if (labels[t] == Labels.IGNORE) {
                    t++;
                    continue;
                }
                int turn = batch.turns()[b][t];
                boolean exact = true;
                for (; t < labels.length && labels[t] != Labels.IGNORE && batch.turns()[b][t] == turn; t++) {
                    exact &= likeliest[at++] == labels[t];
                }
                answers.add(new Answer(b, turn, exact));
            }
        }
        return new Judgement(loss, likeliest.length, answers);
    }
}
