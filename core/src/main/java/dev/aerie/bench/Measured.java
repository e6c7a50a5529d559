package dev.aerie.bench;

/// What one part took.
///
/// @param part     `clip`, `prefill`, `decode`, …
/// @param seconds  the best of `runs`
/// @param flops    floating-point operations of its products (2 per multiply-add); 0 where reading memory is the work
/// @param bytes    of weights and cache that it must read; 0 where computing is the work
/// @param share    of the machine's measured limit: of the product rate, or of the read bandwidth
/// @param peak     resident bytes at most so far
/// @param note     how it was measured, where that is not plain
public record Measured(
        String part, double seconds, int runs, double flops, double bytes, double share, long peak, String note) {

    public double gigaFlopsPerSecond() {
        return flops / seconds / 1e9;
    }

    public double gigaBytesPerSecond() {
        return bytes / seconds / 1e9;
    }
}
