package dev.aerie.nn;

import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A convolution with square kernels: `[B, in, H, W]` to `[B, out, H', W']`.
public final class Conv2d {

    private final Tensor weight;
    private final @Nullable Tensor bias;
    private final int stride;
    private final int padding;
    private final int groups;

    private Conv2d(Tensor weight, @Nullable Tensor bias, int stride, int padding, int groups) {
        this.weight = weight;
        this.bias = bias;
        this.stride = stride;
        this.padding = padding;
        this.groups = groups;
    }

    /// Cuts the picture into squares of `patch` pixels: kernel and stride are the patch.
    public static Conv2d patches(ParameterSource source, long in, long out, int patch) {
        return new Conv2d(
                source.parameter("weight", out, in, patch, patch), source.parameter("bias", out), patch, 0, 1);
    }

    public static Conv2d patchesWithoutBias(ParameterSource source, long in, long out, int patch) {
        return new Conv2d(source.parameter("weight", out, in, patch, patch), null, patch, 0, 1);
    }

    /// One kernel per channel, padded so that the size stays.
    public static Conv2d depthwise(ParameterSource source, long channels, int kernel) {
        return new Conv2d(
                source.parameter("weight", channels, 1, kernel, kernel),
                source.parameter("bias", channels),
                1,
                kernel / 2,
                Math.toIntExact(channels));
    }

    public static Conv2d depthwiseWithoutBias(ParameterSource source, long channels, int kernel) {
        return new Conv2d(
                source.parameter("weight", channels, 1, kernel, kernel),
                null,
                1,
                kernel / 2,
                Math.toIntExact(channels));
    }

    public Tensor apply(Tensor x) {
        return Functional.conv2d(x, weight, bias, stride, padding, groups);
    }
}
