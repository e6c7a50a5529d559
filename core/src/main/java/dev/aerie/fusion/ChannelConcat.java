package dev.aerie.fusion;

import dev.aerie.nn.Between;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import java.util.List;

/// Eagle's fusion (§3.2 of the paper): every map is brought to one grid and the channels are laid side by side.
///
/// @param grid side of the common grid
public record ChannelConcat(List<ExpertSpec> experts, int grid) implements Fusion {

    @Override
    public FusionSpec spec() {
        int channels = experts.stream().mapToInt(ExpertSpec::channels).sum();
        return FusionSpec.plain(experts.size(), grid * grid, channels);
    }

    @Override
    public Seen fuse(List<FeatureMap> maps, Between between) {
        var tokens = maps.stream().map(map -> map.resizedTo(grid).tokens()).toList();
        return Seen.of(Tensors.cat(tokens, 2)); // [B, grid², ΣC]
    }
}
