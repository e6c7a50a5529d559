package dev.aerie.nn;

import dev.aerie.kernel.Gemv;
import dev.aerie.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Linear layers of a decode step: a few rows of x, so that reading the weights is all the work.
final class FewRows {

    private FewRows() {}

    /// Whether our kernel is the faster way and nobody asks for gradients.
    static boolean fits(Tensor x, Tensor weight) {
        return Gemv.supports(weight.dtype())
                && x.elements() > 0
                && x.elements() / x.size(-1) <= Gemv.mostRows(weight.dtype())
                && weight.isContiguous()
                && !weight.requiresGradient()
                && !x.requiresGradient();
    }

    /// `x Wᵀ + b`, computed in float32, in the type of x.
    static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        int in = Math.toIntExact(weight.size(1));
        int out = Math.toIntExact(weight.size(0));
        int rows = Math.toIntExact(x.elements() / in);
        var y = new float[rows * out];
        Gemv.multiply(
                weight.segment(),
                weight.dtype(),
                out,
                in,
                x.toFloats(),
                rows,
                bias == null ? null : bias.toFloats(),
                y,
                Team.workers());
        var shape = x.shape();
        shape[shape.length - 1] = out;
        return Tensor.of(y, shape).to(x.dtype());
    }
}
