package dev.aerie.eagle;

import dev.aerie.fusion.ChannelConcat;
import dev.aerie.fusion.Fusion;
import dev.aerie.nn.Between;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.Experts;
import dev.aerie.vision.FeatureMap;
import dev.aerie.vision.VisionExpert;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/// Eagle's mixture of vision experts: every expert sees the same picture at its own size, and the maps are fused.
public final class Mixture implements VisionTower {

    /// The sizes of a mixture.
    ///
    /// @param input  side of the picture it takes, in pixels
    /// @param grid   side of the grid of visual tokens
    /// @param inputs sides of the pictures of those experts that do not take the published one
    public record Shape(int input, int grid, Map<Experts, Integer> inputs) {

        public static final Shape PUBLISHED = new Shape(1024, 32, Map.of());

        public Shape {
            inputs = Map.copyOf(inputs);
        }

        int input(Experts expert) {
            return inputs.getOrDefault(expert, expert.input());
        }

        /// Gives CLIP pictures of this side unless the shape says otherwise.
        Shape withClip(int side) {
            var sides = new EnumMap<Experts, Integer>(Experts.class);
            sides.put(Experts.CLIP, side);
            sides.putAll(inputs);
            return new Shape(input, grid, sides);
        }
    }

    private final Shape shape;
    private final List<VisionExpert> experts;
    private final Fusion fusion;

    public Mixture(Shape shape, List<VisionExpert> experts, Fusion fusion) {
        this.shape = shape;
        this.experts = List.copyOf(experts);
        this.fusion = fusion;
    }

    /// The mixture of a tower string such as `clip-448;convnext-1024`, fused by channel concatenation.
    ///
    /// @param towers at the names of the towers: `0.vision_tower.…`, `1.vision_tower.…`
    public static Mixture of(ParameterSource towers, String names, Shape shape) {
        var experts = new ArrayList<VisionExpert>();
        for (var expert : Experts.parse(names)) {
            experts.add(expert.make(towers.at(experts.size()).at("vision_tower"), shape.input(expert)));
        }
        var specs = experts.stream().map(VisionExpert::spec).toList();
        return new Mixture(shape, experts, new ChannelConcat(specs, shape.grid()));
    }

    @Override
    public List<ExpertSpec> experts() {
        return experts.stream().map(VisionExpert::spec).toList();
    }

    @Override
    public int input() {
        return shape.input();
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
    public Tensor encode(Tensor pixels, Progress progress, IntFunction<Between> between) {
        var maps = new ArrayList<FeatureMap>();
        for (var expert : experts) {
            progress.at(expert.spec().name(), maps.size(), experts.size());
            maps.add(encode(expert, pixels, between.apply(maps.size())));
        }
        return fusion.fuse(maps); // [B, grid², ΣC]
    }

    private static FeatureMap encode(VisionExpert expert, Tensor pixels, Between between) {
        int side = expert.spec().input();
        try (var scope = TensorScope.open()) {
            var map = expert.encode(Interpolation.BILINEAR_ALIGNED.resize(pixels, side, side), between);
            return new FeatureMap(scope.keep(map.tokens()), map.height(), map.width());
        }
    }
}
