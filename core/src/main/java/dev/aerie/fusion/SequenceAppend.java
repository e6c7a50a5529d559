package dev.aerie.fusion;

import dev.aerie.nn.Between;
import dev.aerie.nn.Counted;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.FeatureMap;
import java.util.ArrayList;
import java.util.List;

/// The experts' tokens one after another (Eagle §3.2): every map is brought to one grid and goes through a projector of
/// its own, `mm_projector.0`, `mm_projector.1`, …, in the mixture's order.
final class SequenceAppend implements Fusion {

    private final FusionSpec spec;
    private final int grid;
    private final List<Projector> projectors = new ArrayList<>();

    SequenceAppend(ParameterSource model, FusionSetting setting) {
        grid = setting.grid();
        int hidden = setting.decoder().hidden();
        var counted = new Counted(model);
        double flops = 0;
        for (var expert : setting.experts()) {
            var names = counted.at("mm_projector").at(projectors.size());
            var projector = Projector.of(names, setting.projector(), expert.channels(), hidden);
            projectors.add(projector);
            flops += projector.flops((double) grid * grid);
        }
        int experts = setting.experts().size();
        spec = new FusionSpec(
                experts, experts * grid * grid, hidden, true, counted.parameters(), FusionSpec.Work.before(flops));
    }

    @Override
    public FusionSpec spec() {
        return spec;
    }

    @Override
    public Seen fuse(List<FeatureMap> maps, Between between) {
        var each = new ArrayList<Tensor>();
        for (int i = 0; i < maps.size(); i++) {
            each.add(projectors.get(i).apply(maps.get(i).resizedTo(grid).tokens()));
        }
        return Seen.of(Tensors.cat(each, 1)); // [B, K·grid², hidden]
    }
}
