package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.Beside;
import dev.aerie.nn.Between;
import dev.aerie.nn.Counted;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.Mlp;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Cambrian-1's fusion: one learned query, at every cell of a grid, gathers what the experts see there
/// ([SpatialAggregator]); the visual tokens do so again behind some layers of the decoder. What the first expert sees
/// on average is the context of all queries.
final class Cambrian implements Fusion {

    /// `every` is the distance of the decoder's layers behind which tokens look again; 0 for none. To go on to the last
    /// such layer (of 32: 0, 3, …, 30) is our choice: the released Cambrian-1 8B ends with layer 27, ten of them.
    static final Map<String, Integer> SIZES = Map.of("width", 1024, "grid", 24, "layers", 3, "heads", 16, "every", 3);

    /// The finest windows that are published.
    private static final int MOST_ACROSS = 4;

    private static final double EPSILON = 1e-5;

    private final FusionSpec spec;
    private final int grid;
    private final int every;
    private final List<Integer> across = new ArrayList<>();
    private final List<Expert> experts = new ArrayList<>();
    private final Tensor query;
    private final SpatialAggregator before;
    private final List<SpatialAggregator> inside = new ArrayList<>();

    /// What brings one expert's cells to the common width.
    private record Expert(Mlp mlp, LayerNorm norm) {

        Tensor apply(Tensor cells) {
            return norm.apply(mlp.apply(cells));
        }
    }

    Cambrian(ParameterSource model, FusionSetting setting, FusionChoice choice, SpatialAggregator.Kind kind) {
        grid = choice.size("grid");
        every = choice.size("every");
        int width = choice.size("width");
        int heads = choice.size("heads");
        choice.requireHeads(width, heads);
        var counted = new Counted(model);
        double flops = 0;
        for (var expert : setting.experts()) {
            int channels = DenseMap.of(expert).channels();
            var names = counted.at("mm_projector_aux_" + experts.size());
            experts.add(new Expert(
                    new Mlp(
                            new Linear(names.at(0), channels, width),
                            Functional::gelu,
                            new Linear(names.at(2), width, width)),
                    new LayerNorm(names.at(3), width, EPSILON)));
            int m = across(expert);
            across.add(m);
            flops += 2.0 * grid * grid * m * m * width * (channels + (double) width);
        }
        query = counted.parameter("vision_query", Beginning.normal(1 / Math.sqrt(width)), 1, width);
        var size = new SpatialAggregator.Size(width, width, width, across, choice.size("layers"), heads, kind);
        before = new SpatialAggregator(counted.at("vision_sampler_0"), size);
        double tokens = (double) grid * grid;
        double inDecoder = 0;
        int hidden = setting.decoder().hidden();
        for (int layer = 0; every > 0 && layer < setting.decoder().layers(); layer += every) {
            var one = new SpatialAggregator(
                    counted.at("vision_sampler_layers").at(inside.size()),
                    new SpatialAggregator.Size(hidden, width, width, across, 1, heads, kind));
            inside.add(one);
            inDecoder += one.flops(tokens);
        }
        spec = new FusionSpec(
                experts.size(),
                grid * grid,
                width,
                false,
                counted.parameters(),
                new FusionSpec.Work(flops + before.flops(tokens), inDecoder, 0));
    }

    private int across(ExpertSpec expert) {
        return Math.min(MOST_ACROSS, Neighbourhoods.across(DenseMap.of(expert).side(), grid));
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
        var beside = new ArrayList<Tensor>();
        for (int k = 0; k < maps.size(); k++) {
            int m = across.get(k);
            var cells = between.share(experts.get(k).apply(DenseMap.tokens(maps.get(k), grid * m)));
            if (k == 0) {
                beside.add(between.share(cells.mean(1).unsqueeze(1))); // the context, [B, 1, D]
            }
            beside.add(between.share(Neighbourhoods.cut(cells, grid, m))); // [B, grid², m², D]
        }
        var context = beside.getFirst();
        var queries = query.to(context.dtype()).unsqueeze(0).expand(context.size(0), (long) grid * grid, -1);
        var tokens = before.apply(queries, context, beside.subList(1, beside.size())); // [B, grid², D]
        return inside.isEmpty() ? Seen.of(tokens) : new Seen(tokens, beside);
    }

    @Override
    public Beside beside(Places places, List<Tensor> beside) {
        if (beside.isEmpty()) {
            return Beside.NOTHING;
        }
        var context = beside.getFirst();
        var cells = beside.subList(1, beside.size());
        return start -> (layer, hidden) -> layer % every == 0
                ? places.onPictures(
                        hidden,
                        start,
                        (part, picture, from) -> inside.get(layer / every)
                                .apply(part, context.narrow(0, picture, 1), part(cells, picture, from, part.size(1))))
                : hidden;
    }

    /// The windows of some of a picture's tokens.
    private static List<Tensor> part(List<Tensor> cells, int picture, int from, long count) {
        return cells.stream()
                .map(each -> each.narrow(0, picture, 1).narrow(1, from, count))
                .toList();
    }
}
