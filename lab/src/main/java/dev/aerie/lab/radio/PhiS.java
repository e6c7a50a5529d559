package dev.aerie.lab.radio;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;

/// PHI-S (arXiv 2410.01680): features of a teacher, turned so that all channels have the same variance, and scaled to
/// make it 1. With the covariance `Σ = U Λ Uᵀ`, `φ² = trace Σ / C` and a Hadamard matrix H
///
///     y' = W (y − μ),   W = φ⁻¹ H Uᵀ
///
/// Distances keep their proportions, as they do not where each channel is scaled by itself.
///
/// @param mean    `[1, C]`
/// @param turn    `[C, C]`: Wᵀ
/// @param back    `[C, C]`: W⁻¹ᵀ
record PhiS(Tensor mean, Tensor turn, Tensor back) implements AutoCloseable {

    /// @throws AerieException if the features do not vary, or have a number of channels without a Hadamard matrix
    static PhiS of(Moments moments) {
        int n = moments.mean().length;
        var eigen = SymmetricEigen.of(moments.covariance(), n);
        double trace = 0;
        for (double value : eigen.values()) {
            trace += Math.max(0, value);
        }
        if (!(trace > 0) || !Double.isFinite(trace)) {
            throw new AerieException("cannot standardise features of variance " + trace
                    + ": expected a positive number; check that the teacher is trained");
        }
        double phi = Math.sqrt(trace / n);
        var hadamard = Tensor.of(Hadamard.of(n), n, n);
        var rotation = hadamard.matmul(Tensor.of(eigen.vectors(), n, n).transpose(0, 1)); // H Uᵀ
        return new PhiS(
                Tensor.of(moments.mean(), 1, n).to(DType.F32).retain(),
                rotation.transpose(0, 1).divide(phi).contiguous().to(DType.F32).retain(),
                rotation.times(phi).to(DType.F32).retain());
    }

    /// Features `[…, C]` of any type, standardised, in float32.
    Tensor apply(Tensor features) {
        return features.to(DType.F32).minus(mean).matmul(turn);
    }

    /// The weight `[C, h]` of a head's last layer that gives the teacher's own features where this one gives
    /// standardised ones: `W⁻¹ w`.
    Tensor unturned(Tensor weight) {
        return back.transpose(0, 1).matmul(weight);
    }

    /// The same of the layer's bias `[C]`: `W⁻¹ b + μ`.
    Tensor unturnedBias(Tensor bias) {
        return bias.unsqueeze(0).matmul(back).plus(mean).squeeze(0);
    }

    @Override
    public void close() {
        mean.close();
        turn.close();
        back.close();
    }
}
