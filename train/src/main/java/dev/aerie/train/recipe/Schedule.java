package dev.aerie.train.recipe;

import dev.aerie.AerieException;

/// How the learning rate goes over a run: from 0 up to the peak in `warmup` steps, then down to `floor` at the end.
///
/// @param kind   the way down
/// @param warmup steps of the linear way up; step 0 has rate 0 if there are any
/// @param steps  of the whole run
/// @param floor  where the way down ends, as a share of the peak
public record Schedule(Kind kind, long warmup, long steps, double floor) {

    /// The way down from the peak; `t` goes from 0 to 1.
    public enum Kind {
        /// `(1 + cos πt) / 2`
        COSINE,
        /// `1 − t`
        LINEAR,
        /// The peak until the end.
        CONSTANT
    }

    public Schedule {
        if (steps < 1 || warmup < 0 || !(floor >= 0 && floor <= 1)) {
            throw new AerieException("cannot make a schedule of " + steps + " steps with " + warmup
                    + " steps of warm-up and a floor of " + floor
                    + ": expected at least 1 step, a warm-up from 0 on and a floor from 0 to 1");
        }
    }

    /// The share of the peak rate that step `step` (from 0) uses. At and behind the end it is that of the end.
    public double factor(long step) {
        if (step < warmup) {
            return (double) step / Math.max(1, warmup);
        }
        double t = Math.min(1, (double) (step - warmup) / Math.max(1, steps - warmup));
        double down = switch (kind) {
            case COSINE -> 0.5 * (1 + Math.cos(Math.PI * t));
            case LINEAR -> 1 - t;
            case CONSTANT -> 1;
        };
        return floor + (1 - floor) * Math.max(0, down);
    }
}
