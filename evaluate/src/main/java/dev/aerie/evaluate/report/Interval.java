package dev.aerie.evaluate.report;

/// A 95 % confidence interval.
public record Interval(double low, double high) {

    private static final double TAIL = 0.025;

    /// Of values that were drawn again and again: all but the outermost 2.5 % on either side.
    ///
    /// @param sorted at least one
    static Interval of(double[] sorted) {
        int low = (int) Math.floor(TAIL * sorted.length);
        int high = (int) Math.ceil((1 - TAIL) * sorted.length) - 1;
        return new Interval(sorted[low], sorted[Math.max(low, high)]);
    }
}
