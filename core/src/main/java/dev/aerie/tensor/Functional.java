package dev.aerie.tensor;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// The operations that layers are made of. Shapes as in PyTorch; weights in another type than the input are converted
/// for the call, so that a mapped bfloat16 checkpoint computes in whatever type its input has.
public final class Functional {

    /// libtorch's number for a reduction by sum.
    private static final long SUM = 2;

    private static final long MEAN = 1;

    /// The largest score matrix of a head that is kept for the gradient: some 1,000 queries and keys.
    private static final long MOST_SCORES = 1 << 20;

    private Functional() {}

    /// `x Wᵀ + b`: x `[…, in]`, weight `[out, in]`, bias `[out]`.
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        var w = weight.to(x.dtype());
        return Native.call("linear", () -> torch.linear(x.raw(), w.raw(), optional(bias, x)), x, weight);
    }

    /// Convolution: x `[B, C, H, W]`, weight `[out, C / groups, kh, kw]`; the same stride and padding in both
    /// directions.
    public static Tensor conv2d(Tensor x, Tensor weight, @Nullable Tensor bias, int stride, int padding, int groups) {
        var w = weight.to(x.dtype());
        return Native.call(
                "conv2d",
                () -> torch.conv2d(
                        x.raw(),
                        w.raw(),
                        optional(bias, x),
                        new long[] {stride, stride},
                        new long[] {padding, padding},
                        new long[] {1, 1},
                        groups),
                x,
                weight);
    }

    /// Normalises the last dimension to mean 0 and variance 1, then scales and shifts.
    public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
        return Native.call(
                "layer_norm",
                () -> torch.layer_norm(
                        x.raw(), new long[] {x.size(-1)}, optional(weight, x), optional(bias, x), epsilon, true),
                x,
                weight);
    }

    /// Divides the last dimension by its root mean square (taken in float32 at least), then scales.
    public static Tensor rmsNorm(Tensor x, Tensor weight, double epsilon) {
        var wide = wide(x);
        var normalised = Native.call(
                "rms_norm",
                () -> torch.rms_norm(
                        wide.raw(), new long[] {x.size(-1)}, optional(weight, wide), new DoubleOptional(epsilon)),
                x,
                weight);
        return normalised.to(x.dtype());
    }

    /// The rows `ids` (64-bit integers, any shape) of `table` `[V, C]`.
    public static Tensor embedding(Tensor ids, Tensor table) {
        return Native.call("embedding", () -> torch.embedding(table.raw(), ids.raw()), ids, table);
    }

    /// `softmax(q kᵀ · scale + mask) v`: q `[B, H, T, D]`, k and v `[B, H or fewer, S, D]` (fewer: grouped queries).
    ///
    /// Computed in float32 whatever the input's type, unless that is float64: the reference does so where
    /// it matters, and libtorch's bfloat16 attention is many times slower on a CPU. The exception is
    /// learning from short rows in bfloat16: there plain products take half the time.
    ///
    /// @param mask added to the logits, broadcast to `[B, H, T, S]`
    /// @param causal query t sees keys up to t; excludes a mask
    public static Tensor attention(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, double scale) {
        var grouped = q.size(1) != k.size(1);
        boolean isShort = q.size(2) * k.size(2) <= MOST_SCORES && !causal && !grouped;
        if (v.dtype() == DType.BF16 && v.requiresGradient() && isShort) {
            return attentionByProducts(q, k, v, mask, scale);
        }
        var q32 = wide(q);
        var k32 = wide(k);
        var v32 = wide(v);
        return Native.call(
                        "scaled_dot_product_attention",
                        () -> torch.scaled_dot_product_attention(
                                q32.raw(),
                                k32.raw(),
                                v32.raw(),
                                optional(mask, q32),
                                0,
                                causal,
                                new DoubleOptional(scale),
                                grouped),
                        q,
                        k,
                        v)
                .to(q.dtype());
    }

    /// The same in the type of v. Keeps all scores `[B, H, T, S]` for the gradient.
    private static Tensor attentionByProducts(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, double scale) {
        var scores = q.times(scale).to(v.dtype()).matmul(k.to(v.dtype()).transpose(2, 3));
        var masked = mask == null ? scores : scores.plus(mask.to(v.dtype()));
        return masked.softmax(3).matmul(v).to(q.dtype());
    }

    /// x · Φ(x), by the error function.
    public static Tensor gelu(Tensor x) {
        return Native.call("gelu", () -> torch.gelu(x.raw()), x);
    }

    /// The tanh approximation of [#gelu].
    public static Tensor geluTanh(Tensor x) {
        return Native.call("gelu", () -> torch.gelu(x.raw(), "tanh"), x);
    }

    /// x · σ(1.702 x), CLIP's approximation of [#gelu].
    public static Tensor quickGelu(Tensor x) {
        return gate(x.times(1.702).sigmoid(), x);
    }

    /// x · σ(x).
    public static Tensor silu(Tensor x) {
        return Native.call("silu", () -> torch.silu(x.raw()), x);
    }

    /// `gate · x` element by element, in the gate's memory where no gradient needs it again.
    public static Tensor gate(Tensor gate, Tensor x) {
        return gate.requiresGradient() || x.requiresGradient() ? gate.times(x) : gate.timesInPlace(x);
    }

    /// The sum over rows of −log softmax(logits)\[label\]: logits `[N, V]`, labels `[N]` (64-bit integers).
    public static Tensor crossEntropySum(Tensor logits, Tensor labels) {
        return Native.call(
                "cross_entropy",
                () -> torch.cross_entropy_loss(logits.raw(), labels.raw(), new TensorOptional(), SUM, -100, 0),
                logits,
                labels);
    }

    /// The mean of −weight\[label\] · log softmax(logits)\[label\] over the rows, divided by their mean weight: logits
    /// `[N, V]`, labels `[N]` (64-bit integers), weights `[V]`.
    public static Tensor crossEntropy(Tensor logits, Tensor labels, Tensor weights) {
        return Native.call(
                "cross_entropy",
                () -> torch.cross_entropy_loss(
                        logits.raw(), labels.raw(), new TensorOptional(weights.raw()), MEAN, -100, 0),
                logits,
                labels);
    }

    /// The mean over all elements of −log of the probability that `sigmoid(logits)` gives to targets of 0 or 1.
    public static Tensor binaryCrossEntropy(Tensor logits, Tensor targets) {
        return Native.call(
                "binary_cross_entropy",
                () -> torch.binary_cross_entropy_with_logits(logits.raw(), targets.raw()),
                logits,
                targets);
    }

    /// The sum over all elements of that, each times its weight.
    ///
    /// @param weights as the logits, or to be spread over them
    public static Tensor binaryCrossEntropySum(Tensor logits, Tensor targets, Tensor weights) {
        return Native.call(
                "binary_cross_entropy",
                () -> torch.binary_cross_entropy_with_logits(
                        logits.raw(), targets.raw(), new TensorOptional(weights.raw()), new TensorOptional(), SUM),
                logits,
                targets,
                weights);
    }

    /// Space to channels: `[B, C, H·r, W·r]` to `[B, C·r², H, W]`, channel order c·r² + dy·r + dx.
    public static Tensor pixelUnshuffle(Tensor x, int r) {
        return Native.call("pixel_unshuffle", () -> torch.pixel_unshuffle(x.raw(), r), x);
    }

    /// Appends zeros at the right and bottom of `[B, H, W, C]`.
    public static Tensor padGrid(Tensor x, long bottom, long right) {
        return Native.call("pad", () -> torch.pad(x.raw(), 0, 0, 0, right, 0, bottom), x);
    }

    /// Values of maps `[B, C, H, W]` at the points `[B, h, w, 2]`, to `[B, C, h, w]`: bilinear, 0 outside the map.
    ///
    /// @param points x and y; −1 and 1 are the outer edges of the first and the last cell
    public static Tensor sample(Tensor maps, Tensor points) {
        return Native.call(
                "grid_sampler", () -> torch.grid_sampler(maps.raw(), points.raw(), 0, 0, false), maps, points);
    }

    /// The tensor in float32, or in float64 if it is so.
    public static Tensor wide(Tensor x) {
        return x.dtype() == DType.F64 ? x : x.to(DType.F32);
    }

    /// An absent operand, or one in the type of `x`.
    private static TensorOptional optional(@Nullable Tensor operand, Tensor x) {
        return operand == null
                ? new TensorOptional()
                : new TensorOptional(operand.to(x.dtype()).raw());
    }
}
