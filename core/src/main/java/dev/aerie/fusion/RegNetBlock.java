package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.Conv2d;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;

/// RegNet's bottleneck (arXiv 2003.13678, timm's names), as MoVA's adapter has it before and behind its pooling:
/// kernels of one, three and one cell, the middle one a channel at a time, and channels weighed by what the whole map
/// has of them. Norms are over the channels of a cell. The last norm's gain begins with zeros: a new block changes
/// nothing.
final class RegNetBlock {

    private static final int KERNEL = 3;
    private static final int SQUEEZE = 4;
    private static final double EPSILON = 1e-5;

    private final Conv2d first;
    private final LayerNorm firstNorm;
    private final Conv2d middle;
    private final LayerNorm middleNorm;
    private final Conv2d squeeze;
    private final Conv2d excite;
    private final Conv2d last;
    private final LayerNorm lastNorm;

    RegNetBlock(ParameterSource source, int width) {
        first = Conv2d.patchesWithoutBias(source.at("conv1.conv"), width, width, 1);
        firstNorm = new LayerNorm(source.at("conv1.bn"), width, EPSILON);
        middle = Conv2d.depthwiseWithoutBias(source.at("conv2.conv"), width, KERNEL);
        middleNorm = new LayerNorm(source.at("conv2.bn"), width, EPSILON);
        int narrow = Math.max(1, width / SQUEEZE);
        squeeze = Conv2d.patches(source.at("se.fc1"), width, narrow, 1);
        excite = Conv2d.patches(source.at("se.fc2"), narrow, width, 1);
        last = Conv2d.patchesWithoutBias(source.at("conv3.conv"), width, width, 1);
        lastNorm = new LayerNorm(source.at("conv3.bn").beginning(Beginning.ZEROS), width, EPSILON);
    }

    static double flops(double cells, double width) {
        return 2 * cells * width * (2 * width + KERNEL * KERNEL) + 4 * width * width / SQUEEZE;
    }

    /// `[B, C, H, W]` to the same.
    Tensor apply(Tensor map) {
        var x = Functional.silu(norm(firstNorm, first.apply(map)));
        var y = Functional.silu(norm(middleNorm, middle.apply(x)));
        var whole = y.flatten(2).mean(2).unsqueeze(2).unsqueeze(3); // [B, C, 1, 1]
        var gate = excite.apply(Functional.silu(squeeze.apply(whole))).sigmoid();
        return map.plus(norm(lastNorm, last.apply(y.times(gate))));
    }

    private static Tensor norm(LayerNorm norm, Tensor map) {
        return norm.apply(map.permute(0, 2, 3, 1)).permute(0, 3, 1, 2);
    }
}
