package dev.aerie.evaluate.report;

import dev.aerie.evaluate.benchmark.Scored;
import java.util.ArrayList;
import java.util.List;

/// How well a model's probability of its answers tells whether they are right.
///
/// @param error expected calibration error (Guo et al. 2017): the mean distance of confidence and accuracy over the
/// bins, each counting by its answers; from 0 to 1
/// @param bins  ten of equal width, without empty ones
public record Calibration(double error, List<Bin> bins) {

    private static final int BINS = 10;

    /// @param from       and
    /// @param to         bounds of the confidence
    /// @param confidence mean of the answers'
    /// @param accuracy   mean score
    public record Bin(double from, double to, int answers, double confidence, double accuracy) {}

    public Calibration {
        bins = List.copyOf(bins);
    }

    static Calibration of(List<Scored> asked) {
        var confidence = new double[BINS];
        var score = new double[BINS];
        var count = new int[BINS];
        for (var each : asked) {
            int bin = Math.clamp((int) (each.confidence() * BINS), 0, BINS - 1);
            confidence[bin] += each.confidence();
            score[bin] += Math.min(1, each.score());
            count[bin]++;
        }
        var bins = new ArrayList<Bin>();
        double error = 0;
        for (int i = 0; i < BINS; i++) {
            if (count[i] > 0) {
                var bin = new Bin(
                        (double) i / BINS, (i + 1.0) / BINS, count[i], confidence[i] / count[i], score[i] / count[i]);
                bins.add(bin);
                error += count[i] * Math.abs(bin.accuracy - bin.confidence) / asked.size();
            }
        }
        return new Calibration(error, bins);
    }
}
