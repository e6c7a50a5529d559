/// The benchmarks' scorers as the reference computes them: pure functions of an answer and what is right. Where the
/// reference has a known fault that published numbers rest on, the fault is the default and `strict` does without it.
@NullMarked
package dev.aerie.evaluate.score;

import org.jspecify.annotations.NullMarked;
