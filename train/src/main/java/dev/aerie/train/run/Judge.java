package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.RecordException;
import dev.aerie.train.data.Sample;
import dev.aerie.train.model.Batch;
import dev.aerie.train.model.Judgement;
import dev.aerie.train.model.TrainingModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks a model about held-out samples.
///
/// @param batch   samples at a time
/// @param longest rows are cut to so many positions
public record Judge(TrainingModel model, int batch, int longest) {

    /// The scores on the first `count` examples, or on all if there are fewer.
    ///
    /// @throws AerieException if none of them can be used
    public Validation of(Examples examples, long count) {
        var tally = new Tally();
        Optional<RecordException> flaw = Optional.empty();
        long size = Math.min(count, examples.size());
        for (long from = 0; from < size; from += batch) {
            long end = Math.min(size, from + batch);
            var samples = new ArrayList<Sample>();
            var kinds = new ArrayList<List<String>>();
            for (long i = from; i < end; i++) {
                try {
                    samples.add(examples.get(i));
                    kinds.add(examples.kinds(i));
                } catch (RecordException e) {
                    flaw = flaw.or(() -> Optional.of(e)); // it is left out
                }
            }
            if (!samples.isEmpty()) {
                tally.add(model.judge(Batch.of(samples, longest)), kinds);
            }
        }
        if (tally.learned == 0) {
            throw new AerieException("cannot validate: none of the " + size + " held-out samples can be used"
                    + flaw.map(first -> ", the first because " + first.getMessage())
                            .orElse("")
                    + "; 'aerie data check' finds what is wrong with them");
        }
        return tally.validation();
    }

    private static final class Tally {

        private final Map<String, Validation.Score> scores = new LinkedHashMap<>();
        private Validation.Score all = Validation.Score.NONE;
        private double loss;
        private long learned;

        /// @param kinds of the turns of each row
        void add(Judgement judgement, List<List<String>> kinds) {
            loss += judgement.loss();
            learned += judgement.learned();
            for (var answer : judgement.answers()) {
                var known = kinds.get(answer.row());
                if (known.isEmpty() || answer.turn() == 0) { // a whole conversation has no turns to tell apart
                    all = all.plus(answer.exact());
                } else if (!known.get(answer.turn() - 1).isEmpty()) {
                    all = all.plus(answer.exact());
                    scores.merge(
                            known.get(answer.turn() - 1),
                            Validation.Score.NONE.plus(answer.exact()),
                            (before, _) -> before.plus(answer.exact()));
                }
            }
        }

        Validation validation() {
            double exact = scores.isEmpty()
                    ? all.share()
                    : scores.values().stream()
                            .mapToDouble(Validation.Score::share)
                            .average()
                            .orElse(0);
            return new Validation(loss / learned, exact, all.asked(), scores, 0, List.of());
        }
    }
}
