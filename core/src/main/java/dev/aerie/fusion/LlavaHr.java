package dev.aerie.fusion;

import dev.aerie.AerieException;
import dev.aerie.nn.Between;
import dev.aerie.nn.Counted;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// LLaVA-HR's mixture of resolutions (arXiv 2403.03003): the blocks of the first expert are four stages; behind each of
/// the first three an adapter takes in what the other experts see, and a last sum does so at the end.
///
/// It was published for one other expert. Several are laid side by side on the finest of their grids.
final class LlavaHr implements Fusion {

    static final int STAGES = 4;

    /// Adapters behind the first stages: none where the encoders stay as they are.
    static final Map<String, Integer> SIZES = Map.of("adapters", STAGES - 1);

    private final FusionSpec spec;
    private final ExpertSpec leader;
    private final int side;
    private final List<ResolutionAdapter> adapters = new ArrayList<>();
    private final ResolutionSum sum;

    LlavaHr(ParameterSource model, FusionSetting setting, FusionChoice choice, ResolutionAdapter.Gate gate) {
        leader = setting.leader();
        var others = setting.others(Fusions.LLAVA_HR);
        if (leader.blocks() == 0 || leader.blocks() % STAGES != 0) {
            throw new AerieException("cannot fuse by llava-hr inside " + leader.name() + ": it has " + leader.blocks()
                    + " blocks; expected a multiple of " + STAGES);
        }
        int width = leader.channels();
        int slow = others.stream().mapToInt(ExpertSpec::channels).sum();
        side = others.stream().mapToInt(ExpertSpec::grid).max().orElseThrow();
        var counted = new Counted(model);
        var names = counted.at("vision_tower");
        for (int i = 0; i < choice.size("adapters"); i++) {
            adapters.add(new ResolutionAdapter(names.at("align_stages_latent").at(i), width, slow, gate));
        }
        sum = new ResolutionSum(names.at("align_stages.0"), width, slow);
        int tokens = leader.grid() * leader.grid();
        double flops = adapters.size() * ResolutionAdapter.flops(tokens, width, (double) side * side, slow)
                + ResolutionSum.flops(tokens, width, slow);
        spec = new FusionSpec(
                setting.experts().size(), tokens, width, false, counted.parameters(), FusionSpec.Work.before(flops));
    }

    @Override
    public FusionSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> order() {
        var order = new ArrayList<Integer>();
        for (int i = 1; i < spec.experts(); i++) {
            order.add(i);
        }
        order.add(0);
        return order;
    }

    @Override
    public Between inside(int expert, List<FeatureMap> seen) {
        if (expert != 0) {
            return Between.NOTHING;
        }
        int stage = leader.blocks() / STAGES;
        return (block, hidden) -> (block + 1) % stage == 0 && (block + 1) / stage <= adapters.size()
                ? adapted(adapters.get((block + 1) / stage - 1), hidden, seen)
                : hidden;
    }

    private Tensor adapted(ResolutionAdapter adapter, Tensor hidden, List<FeatureMap> seen) {
        var tokens = hidden.dims() == 4 ? hidden.flatten(1, 2) : hidden; // [B, N, C]
        if (tokens.size(1) != spec.tokens() || tokens.size(2) != spec.channels()) {
            throw new AerieException("cannot fuse by llava-hr inside " + leader.name() + ": its blocks give "
                    + hidden.describe() + ", not the " + spec.tokens() + " tokens of " + spec.channels()
                    + " channels that come out of it; name clip-448 first");
        }
        return adapter.apply(tokens, slow(seen)).reshape(hidden.shape());
    }

    /// `[B, ΣC, side, side]`
    private Tensor slow(List<FeatureMap> maps) {
        return Tensors.cat(
                maps.stream().map(map -> map.resizedTo(side).planes()).toList(), 1);
    }

    @Override
    public Seen fuse(List<FeatureMap> maps, Between between) {
        return Seen.of(sum.apply(maps.getFirst().tokens(), slow(maps.subList(1, maps.size()))));
    }
}
