package dev.aerie.fusion;

import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import java.util.ArrayList;

/// The finest that an expert has to give: of one with stages all of them, interpolated to one grid, side by side; of
/// another its map.
///
/// @param side     of the finest map
/// @param channels of all stages together
record DenseMap(int side, int channels) {

    static DenseMap of(ExpertSpec expert) {
        if (expert.stages().isEmpty()) {
            return new DenseMap(expert.grid(), expert.channels());
        }
        int channels =
                expert.stages().stream().mapToInt(ExpertSpec.Stage::channels).sum();
        return new DenseMap(expert.stages().getFirst().grid(), channels);
    }

    /// Tokens `[B, to², channels]`.
    static Tensor tokens(FeatureMap map, int to) {
        if (map.stages().isEmpty()) {
            return map.resizedTo(to).tokens();
        }
        var stages = new ArrayList<Tensor>();
        for (var stage : map.stages()) {
            stages.add(Interpolation.BILINEAR.resize(stage.planes(), to, to));
        }
        return Tensors.cat(stages, 1).flatten(2).transpose(1, 2);
    }
}
