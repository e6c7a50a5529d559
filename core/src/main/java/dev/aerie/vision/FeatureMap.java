package dev.aerie.vision;

import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;
import java.util.List;

/// What an expert saw: tokens `[B, height·width, C]` in row-major order.
///
/// @param stages the maps of all its stages, finest first and this one last; empty for an expert without such
public record FeatureMap(Tensor tokens, long height, long width, List<FeatureMap> stages) {

    public FeatureMap {
        stages = List.copyOf(stages);
    }

    public FeatureMap(Tensor tokens, long height, long width) {
        this(tokens, height, width, List.of());
    }

    /// From a map `[B, H, W, C]`.
    public static FeatureMap ofGrid(Tensor map) {
        return new FeatureMap(map.flatten(1, 2), map.size(1), map.size(2));
    }

    /// From a map `[B, C, H, W]`.
    public static FeatureMap ofPlanes(Tensor map) {
        return new FeatureMap(map.flatten(2).transpose(1, 2), map.size(2), map.size(3));
    }

    /// From tokens `[B, 1 + h·w, C]`, of which the first belongs to no place.
    static FeatureMap behindClassToken(Tensor tokens, long height, long width) {
        return new FeatureMap(tokens.narrow(1, 1, height * width), height, width);
    }

    /// The same in other tokens of the same grid.
    public FeatureMap withTokens(Tensor other) {
        return new FeatureMap(other, height, width, stages);
    }

    /// The same as the last of these maps.
    public FeatureMap withStages(List<FeatureMap> maps) {
        return new FeatureMap(tokens, height, width, maps);
    }

    public long channels() {
        return tokens.size(2);
    }

    /// The same as a map `[B, C, H, W]`.
    public Tensor planes() {
        return tokens.transpose(1, 2).reshape(tokens.size(0), channels(), height, width);
    }

    /// Brought to `side` × `side` by bilinear interpolation with aligned corners (Eagle §4.1).
    public FeatureMap resizedTo(long side) {
        return height == side && width == side
                ? this
                : ofPlanes(Interpolation.BILINEAR_ALIGNED.resize(planes(), side, side));
    }
}
