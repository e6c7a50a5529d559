package dev.aerie.train.report;

import static java.lang.Math.clamp;

/// A 95 % confidence interval.
public record Interval(double low, double high) {

    /// The normal distribution's 97.5 % point.
    private static final double Z = 1.959964;

    private static final double TAIL = 0.025;

    /// Of values that were drawn again and again: all but the outermost 2.5 % on either side.
    ///
    /// @param sorted at least one
    public static Interval of(double[] sorted) {
        int low = (int) Math.floor(TAIL * sorted.length);
        int high = (int) Math.ceil((1 - TAIL) * sorted.length) - 1;
        return new Interval(sorted[low], sorted[Math.max(low, high)]);
    }

    /// Wilson's interval of a share; both ends are from 0 to 1.
    ///
    /// @param effective answers that do not depend on each other
    public static Interval wilson(double share, double effective) {
        if (effective <= 0) {
            return new Interval(0, 1);
        }
        double squared = Z * Z / effective;
        double middle = (share + squared / 2) / (1 + squared);
        double half = Z / (1 + squared) * Math.sqrt(share * (1 - share) / effective + squared / (4 * effective));
        return new Interval(clamp(middle - half, 0, share), clamp(middle + half, share, 1)); // despite rounding
    }

    /// The normal interval of a share.
    public static Interval normal(double share, double variance) {
        double half = Z * Math.sqrt(variance);
        return new Interval(clamp(share - half, 0, 1), clamp(share + half, 0, 1));
    }
}
