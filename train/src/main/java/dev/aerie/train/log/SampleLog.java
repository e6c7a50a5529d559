package dev.aerie.train.log;

import java.util.Optional;

/// One held-out sample and what the model said.
///
/// @param step    after which it was asked
/// @param id      of the sample
/// @param truth   the answer in the data
/// @param answer  the model's
/// @param picture file in the run's folder, PNG or JPEG
public record SampleLog(long step, String id, String question, String truth, String answer, Optional<String> picture) {}
