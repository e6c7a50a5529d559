package dev.aerie.train.run;

/// How well held-out samples are predicted.
///
/// @param loss    mean cross-entropy of their answers
/// @param exact   share of answers, end token included, every token of which was the likeliest. With the answer's
/// earlier
///                tokens given, this is what greedy decoding would get right
/// @param answers how many there were
public record Validation(double loss, double exact, int answers) {}
