package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.Conv2d;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import java.util.List;

/// LLaVA-HR's mixture-of-resolution adapter (arXiv 2403.03003, §3.3; names below
/// `align_stages_latent.i`): the map of an encoder for large pictures (slow) goes into the tokens of
/// one for small pictures (fast), between its blocks.
///
/// ```
/// U  = align(P_s gelu(Q_s S))          F' = F + P_f gelu(Q_f F)
/// γ  = tanh(W_2 gelu(W_1 [mean F'; mean U]))
/// out = F' + γ U
/// ```
///
/// The last layers of both branches begin with zeros, so that a new adapter changes nothing.
public final class ResolutionAdapter {

    /// How many numbers the gate gives per picture.
    public enum Gate {
        /// One, as the published code and checkpoints have it.
        SCALAR,
        /// One per channel, as the paper writes it.
        CHANNEL
    }

    private static final int KERNEL = 7;

    private final Conv2d slowHidden;
    private final Conv2d slowOut;
    private final Conv2d fastHidden;
    private final Conv2d fastOut;
    private final Linear gateHidden;
    private final Linear gateOut;

    /// @param width channels of the fast tokens
    /// @param slow  channels of the slow map
    public ResolutionAdapter(ParameterSource source, int width, int slow, Gate gate) {
        slowHidden = Conv2d.patches(source.at("slow_conv").beginning(Beginning.XAVIER), slow, slow, 1);
        slowOut = Conv2d.patches(source.at("slow_proj").beginning(Beginning.ZEROS), slow, width, 1);
        fastHidden = Conv2d.depthwise(source.at("fast_conv").beginning(Beginning.XAVIER), width, KERNEL);
        fastOut = Conv2d.patches(source.at("fast_proj").beginning(Beginning.ZEROS), width, width, 1);
        gateHidden = new Linear(source.at("gate.0"), 2L * width, width / 2);
        gateOut = new Linear(source.at("gate.2"), width / 2, gate == Gate.SCALAR ? 1 : width);
    }

    /// Operations for one picture.
    static double flops(double tokens, double width, double slowCells, double slow) {
        return 2 * (slowCells * slow * (slow + width) + tokens * width * (width + KERNEL * KERNEL) + width * width);
    }

    /// @param fast `[B, N, d]`, N a square
    /// @param slow `[B, C, h, w]`
    /// @return `[B, N, d]`
    public Tensor apply(Tensor fast, Tensor slow) {
        long side = Math.round(Math.sqrt(fast.size(1)));
        var map = fast.transpose(1, 2).reshape(fast.size(0), fast.size(2), side, side); // [B, d, side, side]
        var near = map.plus(fastOut.apply(Functional.gelu(fastHidden.apply(map))));
        var far = Alignment.align(slowOut.apply(Functional.gelu(slowHidden.apply(slow))), side);
        var tokens = near.flatten(2).transpose(1, 2); // [B, N, d]
        var others = far.flatten(2).transpose(1, 2);
        return tokens.plus(gate(tokens, others).times(others));
    }

    /// γ, `[B, 1, 1]` or `[B, 1, d]`.
    public Tensor gate(Tensor near, Tensor far) {
        var seen = Tensors.cat(List.of(near.mean(1), far.mean(1)), 1); // [B, 2d]
        return gateOut.apply(Functional.gelu(gateHidden.apply(seen))).tanh().unsqueeze(1);
    }
}
