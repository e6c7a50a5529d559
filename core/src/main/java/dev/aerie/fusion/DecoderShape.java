package dev.aerie.fusion;

/// What a fusion that works inside the decoder knows of it.
///
/// @param hidden  channels
/// @param layers  how many
/// @param heads   of attention
/// @param mlp     channels inside the MLPs
/// @param epsilon of the norms
public record DecoderShape(int hidden, int layers, int heads, int mlp, double epsilon) {}
