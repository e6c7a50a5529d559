package dev.aerie.train.log;

/// One step of the optimiser.
///
/// @param step            counted from 1
/// @param of              steps of the run
/// @param loss            mean over the learned positions
/// @param rate            learning rate of the group with the highest
/// @param gradientNorm    of all gradients together, before clipping
/// @param tokens          positions computed since the run began, visual tokens included
/// @param tokensPerSecond of this step
/// @param seconds         that this step took
/// @param remaining       seconds until the end, expected
/// @param skipped         samples left out since the run began
/// @param memory          resident bytes of the process
public record StepLog(
        long step,
        long of,
        double loss,
        double rate,
        double gradientNorm,
        long tokens,
        double tokensPerSecond,
        double seconds,
        double remaining,
        long skipped,
        long memory) {}
