package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.Between;
import dev.aerie.nn.Counted;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.FeatureMap;
import java.util.ArrayList;
import java.util.List;

/// The plain sum: every map is brought to one grid and one width, and added with a share that is learned,
/// `Σ softmax(w)_k · (W_k f_k + b_k)`. All shares are equal at first.
final class WeightedSum implements Fusion {

    private final FusionSpec spec;
    private final int grid;
    private final List<Linear> linears = new ArrayList<>();
    private final Tensor shares;

    WeightedSum(ParameterSource model, FusionSetting setting, int width) {
        grid = setting.grid();
        var counted = new Counted(model);
        double weights = 0;
        for (var expert : setting.experts()) {
            linears.add(new Linear(counted.at("expert_projections").at(linears.size()), expert.channels(), width));
            weights += (double) expert.channels() * width;
        }
        int experts = setting.experts().size();
        shares = counted.parameter("expert_shares", Beginning.ZEROS, experts);
        spec = new FusionSpec(
                experts,
                grid * grid,
                width,
                false,
                counted.parameters(),
                FusionSpec.Work.before(2.0 * grid * grid * weights));
    }

    @Override
    public FusionSpec spec() {
        return spec;
    }

    @Override
    public Seen fuse(List<FeatureMap> maps, Between between) {
        var each = new ArrayList<Tensor>();
        for (int i = 0; i < maps.size(); i++) {
            each.add(linears.get(i).apply(maps.get(i).resizedTo(grid).tokens()));
        }
        var all = Tensors.stack(each, 0); // [K, B, grid², C]
        var share = shares.to(all.dtype()).softmax(0).reshape(maps.size(), 1, 1, 1);
        return Seen.of(all.times(share).sum(0));
    }
}
