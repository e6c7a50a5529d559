/// Runs over benchmarks: answers in batches, logged as they come, resumable and divisible.
@NullMarked
package dev.aerie.evaluate.run;

import org.jspecify.annotations.NullMarked;
