package dev.aerie.fusion;

import dev.aerie.AerieException;
import dev.aerie.nn.Between;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import java.util.List;
import java.util.Map;

/// Eagle's fusion (§3.2 of the paper): every map is brought to one grid and the channels are laid side by side. The
/// decoder may be spared tokens: by their means, as in pooling, or by joining squares of them to one of as many times
/// the channels, as in InternVL.
///
/// @param grid    side of the common grid
/// @param pool    side of the squares of tokens of which the mean is taken; 1 for none
/// @param shuffle side of the squares of what remains that are joined; 1 for none
public record ChannelConcat(List<ExpertSpec> experts, int grid, int pool, int shuffle) implements Fusion {

    static final Map<String, Integer> SIZES = Map.of("pool", 1, "shuffle", 1);

    /// @throws AerieException if the grid does not consist of such squares
    public ChannelConcat {
        if (grid % ((long) pool * shuffle) != 0) {
            throw new AerieException("cannot merge a grid of " + grid + " x " + grid + " tokens with pool " + pool
                    + " and shuffle " + shuffle + ": expected sizes whose product divides " + grid);
        }
    }

    /// The published one, which keeps all tokens.
    public ChannelConcat(List<ExpertSpec> experts, int grid) {
        this(experts, grid, 1, 1);
    }

    @Override
    public FusionSpec spec() {
        int side = grid / pool / shuffle;
        int channels = experts.stream().mapToInt(ExpertSpec::channels).sum();
        return FusionSpec.plain(experts.size(), side * side, channels * shuffle * shuffle);
    }

    @Override
    public Seen fuse(List<FeatureMap> maps, Between between) {
        var tokens = maps.stream().map(map -> map.resizedTo(grid).tokens()).toList();
        var joined = Tensors.cat(tokens, 2); // [B, grid², ΣC]
        var pooled = new TokenPooling(grid / pool).apply(joined, grid, grid); // [B, (grid / pool)², ΣC]
        return Seen.of(new TokenShuffle(shuffle).apply(pooled)); // [B, (grid / pool / shuffle)², shuffle²·ΣC]
    }
}
