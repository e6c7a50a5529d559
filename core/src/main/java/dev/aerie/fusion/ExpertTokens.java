package dev.aerie.fusion;

import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import java.util.ArrayList;
import java.util.List;

/// The tokens of all experts in one row, each expert's brought to one width by a linear layer of its own, as BRAVE
/// (arXiv 2404.07204) feeds a resampler: `expert_projections.0`, `expert_projections.1`, ….
final class ExpertTokens {

    private final List<ExpertSpec> experts;
    private final List<Linear> linears = new ArrayList<>();

    ExpertTokens(ParameterSource model, List<ExpertSpec> experts, int width) {
        this.experts = experts;
        for (var expert : experts) {
            linears.add(new Linear(model.at("expert_projections").at(linears.size()), expert.channels(), width));
        }
    }

    /// How many there are of a picture.
    double count() {
        return experts.stream()
                .mapToDouble(expert -> (double) expert.grid() * expert.grid())
                .sum();
    }

    double flops(int width) {
        return experts.stream()
                .mapToDouble(expert -> 2.0 * expert.grid() * expert.grid() * expert.channels() * width)
                .sum();
    }

    /// `[B, ΣN, width]`
    Tensor of(List<FeatureMap> maps) {
        var each = new ArrayList<Tensor>();
        for (int i = 0; i < maps.size(); i++) {
            each.add(linears.get(i).apply(maps.get(i).tokens()));
        }
        return Tensors.cat(each, 1);
    }
}
