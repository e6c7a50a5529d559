package dev.aerie.fusion;

import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;

/// LLaVA-HR's last step (names below `align_stages.0`): `W_a F + b_a + W_b align(S) + b_b`.
public final class ResolutionSum {

    private final Linear fast;
    private final Linear slow;

    /// @param width channels of the fast tokens
    /// @param slow  channels of the slow map
    public ResolutionSum(ParameterSource source, int width, int slow) {
        fast = new Linear(source.at("fast_proj"), width, width);
        this.slow = new Linear(source.at("slow_proj"), slow, width);
    }

    /// Operations for one picture.
    static double flops(double tokens, double width, double slow) {
        return 2 * tokens * width * (width + slow);
    }

    /// @param tokens `[B, N, d]`, N a square
    /// @param map    `[B, C, h, w]`
    /// @return `[B, N, d]`
    public Tensor apply(Tensor tokens, Tensor map) {
        long side = Math.round(Math.sqrt(tokens.size(1)));
        var aligned = Alignment.align(map, side).flatten(2).transpose(1, 2); // [B, N, C]
        return fast.apply(tokens).plus(slow.apply(aligned));
    }
}
