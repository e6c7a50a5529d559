package dev.aerie.nn;

import dev.aerie.kernel.BlockAttention;
import dev.aerie.kernel.Gemv;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Attention of many tokens over many in float32, without padding: the middle of an encoder's attention layer, and of a
/// decoder's while it reads a prompt.
public final class Mixing {

    /// A bias that is a sum of a row and a column term over a square map: both `[B, H, T, side]`, float32.
    public record Relative(Tensor rows, Tensor columns) {}

    private Mixing() {}

    /// `softmax(scale · q kᵀ + bias) v` of `[B, T, H, D]` each, as `[B, T, H·D]` in the type of q.
    public static Tensor mix(Tensor q, Tensor k, Tensor v, double scale, @Nullable Relative relative) {
        return canMix(q, k, v) ? inBlocks(q, k, v, scale, relative, false) : fused(q, k, v, scale, relative);
    }

    /// The same where the queries are the last tokens among the keys and see none after them; k and v may have fewer
    /// heads. Only where [#canMix].
    public static Tensor mixCausally(Tensor q, Tensor k, Tensor v, double scale) {
        return inBlocks(q, k, v, scale, null, true);
    }

    /// Whether our kernel can compute it: heads of whole panels, and nobody asks for gradients.
    public static boolean canMix(Tensor q, Tensor k, Tensor v) {
        return q.size(3) % BlockAttention.PANEL == 0
                && Gemv.supports(DType.F32) // asked there, as the kernel's own class needs vectors to be loaded
                && !q.requiresGradient()
                && !k.requiresGradient()
                && !v.requiresGradient();
    }

    private static Tensor inBlocks(
            Tensor q, Tensor k, Tensor v, double scale, @Nullable Relative relative, boolean causal) {
        var queries = q.to(DType.F32);
        var keys = k.to(DType.F32);
        var values = v.to(DType.F32);
        var sizes = new BlockAttention.Sizes(
                size(q, 0), size(q, 2), size(k, 2), size(q, 1), size(k, 1), size(q, 3), causal);
        var out = Tensor.empty(DType.F32, q.size(0), q.size(1), q.size(2) * q.size(3));
        BlockAttention.attend(
                tokens(queries),
                tokens(keys),
                tokens(values),
                sizes,
                (float) scale,
                relative == null
                        ? null
                        : new BlockAttention.Relative(
                                relative.rows().segment(), relative.columns().segment(), size(relative.rows(), 3)),
                out.segment(),
                Team.workers());
        return out.to(q.dtype());
    }

    private static BlockAttention.Tokens tokens(Tensor x) {
        var strides = x.strides();
        return new BlockAttention.Tokens(x.span(), strides[0], strides[1], strides[2]);
    }

    private static int size(Tensor x, int dim) {
        return Math.toIntExact(x.size(dim));
    }

    private static Tensor fused(Tensor q, Tensor k, Tensor v, double scale, @Nullable Relative relative) {
        var bias = relative == null
                ? null
                : relative.rows()
                        .unsqueeze(4)
                        .plus(relative.columns().unsqueeze(3)) // [B, H, T, side, side]
                        .flatten(3);
        return Functional.attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), bias, false, scale)
                .transpose(1, 2)
                .flatten(2);
    }
}
