package dev.aerie.train.run;

import dev.aerie.tensor.Torch;
import dev.aerie.train.log.StepLog;

/// What one step did.
///
/// @param step     its number, from 1
/// @param loss     mean cross-entropy of the learned positions, over the micro batches
/// @param rate     of learning, the largest of all parameters
/// @param norm     of the gradient before clipping
/// @param tokens   positions computed, padding not counted
/// @param learned  positions that were learned from
/// @param seconds  the step took
/// @param position samples taken from the order so far
/// @param counts   of the run so far
public record StepReport(
        long step,
        double loss,
        double rate,
        double norm,
        long tokens,
        long learned,
        double seconds,
        long position,
        Counts counts) {

    /// As logs have it.
    ///
    /// @param steps of the run
    StepLog log(long steps) {
        return new StepLog(
                step,
                steps,
                loss,
                rate,
                norm,
                counts.tokens(),
                tokens / seconds,
                seconds,
                seconds * (steps - step),
                counts.allSkipped(),
                Torch.residentBytes());
    }
}
