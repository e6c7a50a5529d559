package dev.aerie.fusion;

import dev.aerie.AerieException;
import dev.aerie.nn.Between;
import dev.aerie.nn.Counted;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.FeatureMap;
import java.util.ArrayList;
import java.util.List;

/// Mini-Gemini's fusion: the tokens of the first expert, and what each mines from the finer maps of the others
/// ([PatchMining]). It was published for one other expert; several are one set of keys, each with norms and products
/// of its own. A side that is no multiple of the first expert's is interpolated to the nearest one.
final class MiniGemini implements Fusion {

    private final FusionSpec spec;
    private final int grid;
    private final List<Integer> across = new ArrayList<>();
    private final PatchMining mining;

    MiniGemini(ParameterSource model, FusionSetting setting) {
        var leader = setting.leader();
        grid = leader.grid();
        int width = leader.channels();
        int tokens = grid * grid;
        var channels = new ArrayList<Integer>();
        double keys = 0;
        double flops = 2.0 * tokens * width * width;
        for (var expert : setting.others(Fusions.MINI_GEMINI)) {
            var dense = DenseMap.of(expert);
            int m = Neighbourhoods.across(dense.side(), grid);
            across.add(m);
            channels.add(dense.channels());
            keys += m * m;
            flops += 4.0 * tokens * m * m * dense.channels() * width;
        }
        if (keys < 2) {
            throw new AerieException("cannot fuse by mini-gemini: the other expert's map is not finer than the "
                    + grid + " x " + grid + " tokens of " + leader.name()
                    + ", so that each token has one cell to choose from; name an expert with a finer map");
        }
        var counted = new Counted(model);
        mining = new PatchMining(counted, width, channels);
        spec = new FusionSpec(
                setting.experts().size(),
                tokens,
                width,
                false,
                counted.parameters(),
                FusionSpec.Work.before(flops + CrossAttention.flops(tokens, keys, width)));
    }

    @Override
    public FusionSpec spec() {
        return spec;
    }

    @Override
    public boolean usesStages() {
        return true;
    }

    @Override
    public Seen fuse(List<FeatureMap> maps, Between between) {
        var finer = new ArrayList<Tensor>();
        for (int i = 0; i < across.size(); i++) {
            finer.add(DenseMap.tokens(maps.get(i + 1), grid * across.get(i)));
        }
        var tokens = maps.getFirst().tokens();
        return Seen.of(tokens.plus(mining.apply(tokens, finer)));
    }
}
