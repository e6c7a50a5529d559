package dev.aerie.fusion;

import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import java.util.List;

/// Eagle's fusion (§3.2 of the paper): every map is brought to one grid and the channels are laid side by side.
///
/// @param grid side of the common grid
public record ChannelConcat(List<ExpertSpec> experts, int grid) implements Fusion {

    @Override
    public Tensor fuse(List<FeatureMap> maps) {
        return Tensors.cat(
                maps.stream().map(map -> map.resizedTo(grid).tokens()).toList(), 2); // [B, grid², ΣC]
    }

    @Override
    public int tokens() {
        return grid * grid;
    }

    @Override
    public int channels() {
        return experts.stream().mapToInt(ExpertSpec::channels).sum();
    }
}
