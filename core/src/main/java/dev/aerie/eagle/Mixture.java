package dev.aerie.eagle;

import dev.aerie.fusion.ChannelConcat;
import dev.aerie.fusion.Fusion;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.Experts;
import dev.aerie.vision.FeatureMap;
import dev.aerie.vision.VisionExpert;
import java.util.ArrayList;
import java.util.List;

/// Eagle's mixture of vision experts: every expert sees the same picture at its own size, and the maps are fused.
public final class Mixture implements VisionTower {

    /// Side of the picture the mixture takes.
    public static final int INPUT = 1024;
    /// Side of the grid of visual tokens.
    public static final int GRID = 32;

    private final List<VisionExpert> experts;
    private final Fusion fusion;

    public Mixture(List<VisionExpert> experts, Fusion fusion) {
        this.experts = List.copyOf(experts);
        this.fusion = fusion;
    }

    /// The mixture of a tower string such as `clip-448;convnext-1024`, fused by channel concatenation.
    ///
    /// @param towers    at the names of the towers: `0.vision_tower.…`, `1.vision_tower.…`
    /// @param clipInput side of CLIP's picture: 336 as in the released code or 448 as in the paper
    public static Mixture of(ParameterSource towers, String names, int clipInput) {
        var experts = new ArrayList<VisionExpert>();
        for (var expert : Experts.parse(names)) {
            int input = expert == Experts.CLIP ? clipInput : expert.input();
            experts.add(expert.make(towers.at(experts.size()).at("vision_tower"), input));
        }
        var specs = experts.stream().map(VisionExpert::spec).toList();
        return new Mixture(experts, new ChannelConcat(specs, GRID));
    }

    @Override
    public List<ExpertSpec> experts() {
        return experts.stream().map(VisionExpert::spec).toList();
    }

    @Override
    public int input() {
        return INPUT;
    }

    @Override
    public int tokens() {
        return fusion.tokens();
    }

    @Override
    public int channels() {
        return fusion.channels();
    }

    @Override
    public Tensor encode(Tensor pixels, Progress progress) {
        var maps = new ArrayList<FeatureMap>();
        for (var expert : experts) {
            progress.at(expert.spec().name(), maps.size(), experts.size());
            maps.add(encode(expert, pixels));
        }
        return fusion.fuse(maps); // [B, 1024, ΣC]
    }

    private static FeatureMap encode(VisionExpert expert, Tensor pixels) {
        int side = expert.spec().input();
        try (var scope = TensorScope.open()) {
            var map = expert.encode(Interpolation.BILINEAR_ALIGNED.resize(pixels, side, side));
            return new FeatureMap(scope.keep(map.tokens()), map.height(), map.width());
        }
    }
}
