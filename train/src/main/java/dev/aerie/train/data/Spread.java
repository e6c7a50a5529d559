package dev.aerie.train.data;

/// How lengths are spread: a count for each. Its size does not depend on how many are added.
final class Spread {

    /// Longer ones share the last count; the longest of all is kept apart.
    private static final int COUNTS = 1 << 16;

    private final long[] counts = new long[COUNTS];
    private long total;
    private int longest;

    void add(int length) {
        counts[Math.min(length, COUNTS - 1)]++;
        total++;
        longest = Math.max(longest, length);
    }

    void add(Spread other) {
        for (var i = 0; i < COUNTS; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
        longest = Math.max(longest, other.longest);
    }

    DataReport.Lengths lengths() {
        return new DataReport.Lengths(total, percentile(5), percentile(50), percentile(95), percentile(99), longest);
    }

    /// The smallest length that so many percent of all do not exceed.
    private int percentile(int percent) {
        var wanted = Math.ceilDiv(total * percent, 100);
        var seen = 0L;
        for (var length = 0; length < COUNTS - 1; length++) {
            seen += counts[length];
            if (seen >= wanted) {
                return length;
            }
        }
        return longest;
    }
}
