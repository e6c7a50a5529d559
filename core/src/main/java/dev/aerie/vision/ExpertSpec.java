package dev.aerie.vision;

/// All that other parts may know of an expert.
///
/// @param name     as in tower strings: `clip`, `convnext`, …
/// @param input    side of the square picture it takes, in pixels
/// @param grid     side of the feature map it gives
/// @param channels of the feature map
public record ExpertSpec(String name, int input, int grid, int channels) {}
