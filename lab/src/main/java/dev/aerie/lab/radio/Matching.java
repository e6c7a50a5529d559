package dev.aerie.lab.radio;

import dev.aerie.tensor.Tensor;
import dev.aerie.vision.FeatureMap;

/// What a student says beside what its teacher sees, on one grid: where theirs differ the smaller is brought to the
/// larger.
///
/// @param said   `[B, N, D]`, float32
/// @param wanted `[B, N, D]`, float32
record Matching(Tensor said, Tensor wanted) {

    private static final double EPSILON = 1e-12;

    static Matching of(FeatureMap said, FeatureMap wanted) {
        long side = Math.max(said.height(), wanted.height());
        return new Matching(
                said.resizedTo(side).tokens(), wanted.resizedTo(side).tokens());
    }

    Tensor away() {
        return said.minus(wanted);
    }

    /// The mean squared difference.
    Tensor loss() {
        var away = away();
        return away.times(away).mean();
    }

    /// 1 less the mean cosine of summaries, both `[B, D]`.
    static Tensor summaryLoss(Tensor said, Tensor wanted) {
        return unit(said).times(unit(wanted)).sum(1).mean().negate().plus(1);
    }

    private static Tensor unit(Tensor x) {
        return x.divide(x.times(x).sum(1).plus(EPSILON).sqrt().unsqueeze(1));
    }
}
