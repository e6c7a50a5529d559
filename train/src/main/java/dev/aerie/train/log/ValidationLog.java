package dev.aerie.train.log;

/// How the model did on held-out samples.
///
/// @param step       after which it was asked
/// @param loss       mean over the learned positions
/// @param exactMatch share of answers that are right, 0 to 1
/// @param count      samples asked
/// @param seconds    that it took
public record ValidationLog(long step, double loss, double exactMatch, int count, double seconds) {}
