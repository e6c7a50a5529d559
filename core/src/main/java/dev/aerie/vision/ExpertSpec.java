package dev.aerie.vision;

import java.util.List;

/// All that other parts may know of an expert.
///
/// @param name     as in tower strings: `clip`, `convnext`, …
/// @param input    side of the square picture it takes, in pixels
/// @param grid     side of the feature map it gives
/// @param channels of the feature map
/// @param blocks   how many work one after another
/// @param stages   of an expert whose map grows coarser from stage to stage, finest first; empty for others
public record ExpertSpec(String name, int input, int grid, int channels, int blocks, List<Stage> stages) {

    /// @param grid     side of the stage's map
    /// @param channels of the stage's map
    public record Stage(int grid, int channels) {}

    public ExpertSpec {
        stages = List.copyOf(stages);
    }

    public ExpertSpec(String name, int input, int grid, int channels, int blocks) {
        this(name, input, grid, channels, blocks, List.of());
    }
}
