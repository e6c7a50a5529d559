package dev.aerie.lab.eaglet;

import static java.lang.Math.clamp;

/// A 95 % confidence interval of a share, both ends from 0 to 1.
public record Interval(double low, double high) {

    /// The normal distribution's 97.5 % point.
    private static final double Z = 1.959964;

    /// Wilson's interval of a share.
    ///
    /// @param effective answers that do not depend on each other
    static Interval wilson(double share, double effective) {
        if (effective <= 0) {
            return new Interval(0, 1);
        }
        double squared = Z * Z / effective;
        double middle = (share + squared / 2) / (1 + squared);
        double half = Z / (1 + squared) * Math.sqrt(share * (1 - share) / effective + squared / (4 * effective));
        return new Interval(clamp(middle - half, 0, share), clamp(middle + half, share, 1)); // despite rounding
    }

    /// The normal interval of an estimate.
    static Interval normal(double share, double variance) {
        double half = Z * Math.sqrt(variance);
        return new Interval(clamp(share - half, 0, 1), clamp(share + half, 0, 1));
    }
}
