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

/// Deformable attention in place of Mini-Gemini's windows: each token of the first expert looks at a few points around
/// where it lies, in every stage of every other expert, and adds what it finds to itself. Eagle compares such a method
/// in one sentence; the choices here are ours. The first offsets reach to the edges of the cells that a token covers,
/// as 4 points do on Mini-Gemini's windows of 8 cells.
final class DeformableMining implements Fusion {

    /// Side of a window in which the published first offsets stay.
    private static final double PUBLISHED_WINDOW = 8;

    private final FusionSpec spec;
    private final int grid;
    private final NormedLinear query;
    private final List<NormedLinear> values = new ArrayList<>();
    private final DeformableAttention attention;

    DeformableMining(ParameterSource model, FusionSetting setting, int heads, int points) {
        var leader = setting.leader();
        grid = leader.grid();
        int width = leader.channels();
        if (width % heads != 0) {
            throw new AerieException("cannot fuse by deformable: " + leader.name() + " has " + width
                    + " channels, which " + heads + " heads do not divide; choose another number of heads");
        }
        var levels = new ArrayList<ExpertSpec.Stage>();
        for (var expert : setting.others(Fusions.DEFORMABLE)) {
            levels.addAll(
                    expert.stages().isEmpty()
                            ? List.of(new ExpertSpec.Stage(expert.grid(), expert.channels()))
                            : expert.stages());
        }
        var counted = new Counted(model);
        query = NormedLinear.withBias(counted.at("vlm_uni_query_projector"), width, width);
        double tokens = (double) grid * grid;
        double cells = 0;
        double flops = 2 * tokens * width * width;
        for (var level : levels) {
            values.add(NormedLinear.withBias(
                    counted.at("vlm_uni_val_projector").at(values.size()), level.channels(), width));
            double here = (double) level.grid() * level.grid();
            flops += 2 * here * level.channels() * width;
            cells += here;
        }
        var scales = levels.stream()
                .mapToDouble(level -> level.grid() / (PUBLISHED_WINDOW * grid))
                .toArray();
        attention = new DeformableAttention(counted.at("vlm_uni_deformable"), width, heads, points, scales);
        spec = new FusionSpec(
                setting.experts().size(),
                grid * grid,
                width,
                false,
                counted.parameters(),
                FusionSpec.Work.before(flops + attention.flops(tokens, cells, width)));
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
        var levels = new ArrayList<FeatureMap>();
        for (var map : maps.subList(1, maps.size())) {
            levels.addAll(map.stages().isEmpty() ? List.of(map) : map.stages());
        }
        var features = new ArrayList<Tensor>();
        var shapes = new ArrayList<DeformableAttention.Level>();
        for (int i = 0; i < levels.size(); i++) {
            var level = levels.get(i);
            features.add(values.get(i).apply(level.tokens())); // [B, HW, C]
            shapes.add(new DeformableAttention.Level((int) level.height(), (int) level.width()));
        }
        var tokens = maps.getFirst().tokens();
        var found = attention.apply(query.apply(tokens), centres(levels.size()), Tensors.cat(features, 1), shapes);
        return Seen.of(tokens.plus(found.output()));
    }

    /// Where each token lies, the same in every level: `[1, grid², levels, 2]`.
    private Tensor centres(int levels) {
        var values = new float[grid * grid * levels * 2];
        int at = 0;
        for (int y = 0; y < grid; y++) {
            for (int x = 0; x < grid; x++) {
                for (int level = 0; level < levels; level++) {
                    values[at++] = (x + 0.5f) / grid;
                    values[at++] = (y + 0.5f) / grid;
                }
            }
        }
        return Tensor.of(values, 1, (long) grid * grid, levels, 2);
    }
}
