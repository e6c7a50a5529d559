package dev.aerie.fusion;

import dev.aerie.nn.Between;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A mixture of three experts in which maps are given, not seen: a leader of four blocks, one with stages, and a plain
/// one whose grid is no multiple of the leader's.
final class Sketch {

    static final ExpertSpec LEADER = new ExpertSpec("clip", 32, 4, 8, 4);
    static final ExpertSpec STAGED =
            new ExpertSpec("convnext", 64, 4, 6, 2, List.of(new ExpertSpec.Stage(8, 4), new ExpertSpec.Stage(4, 6)));
    static final ExpertSpec PLAIN = new ExpertSpec("det", 64, 7, 5, 2);

    static final DecoderShape DECODER = new DecoderShape(12, 4, 2, 10, 1e-6);

    private Sketch() {}

    /// The sizes that make a method small.
    static FusionChoice small(Fusions method) {
        return new FusionChoice(
                method,
                switch (method) {
                    case SUM -> Map.of("width", 6);
                    case DEFORMABLE -> Map.of("heads", 2, "points", 2);
                    case SVA, SVA_SEPARATE -> Map.of("width", 8, "grid", 3, "layers", 2, "heads", 2, "every", 2);
                    case Q_FORMER ->
                        Map.of("queries", 3, "width", 8, "layers", 3, "heads", 2, "mlp", 12, "every", 2, "encoder", 5);
                    case PERCEIVER -> Map.of("latents", 3, "width", 8, "layers", 2, "heads", 2, "mlp", 12);
                    case MOVA -> Map.of("layers", 2, "heads", 2, "down", 1);
                    case FLAMINGO -> Map.of("latents", 3, "width", 8, "layers", 1, "heads", 2, "mlp", 12, "every", 3);
                    default -> Map.of();
                });
    }

    static FusionSetting setting(List<ExpertSpec> experts) {
        return new FusionSetting(experts, 5, "mlp2x_gelu", DECODER);
    }

    /// Maps of the experts for `batch` pictures, from the source.
    static List<FeatureMap> maps(Doubles source, List<ExpertSpec> experts, long batch) {
        var maps = new ArrayList<FeatureMap>();
        for (var expert : experts) {
            var stages = new ArrayList<FeatureMap>();
            for (var stage : expert.stages()) {
                stages.add(map(source, expert.name() + stages.size(), batch, stage.grid(), stage.channels()));
            }
            maps.add(
                    stages.isEmpty()
                            ? map(source, expert.name(), batch, expert.grid(), expert.channels())
                            : stages.getLast().withStages(stages));
        }
        return maps;
    }

    private static FeatureMap map(Doubles source, String name, long batch, long grid, long channels) {
        return new FeatureMap(source.input("map of " + name, batch, grid * grid, channels), grid, grid);
    }

    /// What a fusion gives where it also works inside its leader: each block adds a constant to what it gets.
    static Seen through(Fusion fusion, List<FeatureMap> maps) {
        var seen = new ArrayList<FeatureMap>();
        var given = new ArrayList<FeatureMap>(maps);
        for (int expert : fusion.order()) {
            var inside = fusion.inside(expert, List.copyOf(seen));
            var hidden = given.get(expert).tokens();
            for (int block = 0; block < 4 && inside != Between.NOTHING; block++) {
                hidden = inside.after(block, hidden.plus(0.1));
            }
            given.set(expert, given.get(expert).withTokens(hidden));
            seen.add(given.get(expert));
        }
        return fusion.fuse(given, Between.NOTHING);
    }

    /// Both, and what the decoder's layers do with random hidden states of a row in which two pictures stand.
    static Tensor decoded(Fusion fusion, Seen seen, Tensor hidden) {
        int tokens = seen.count();
        var places =
                new Places(List.of(List.of(new Places.Place(1, tokens, 0), new Places.Place(2 + tokens, tokens, 1))));
        var between = fusion.beside(places, seen.beside()).from(0);
        for (int layer = 0; layer < DECODER.layers(); layer++) {
            hidden = between.after(layer, between.before(layer, hidden).times(0.9));
        }
        return hidden;
    }
}
