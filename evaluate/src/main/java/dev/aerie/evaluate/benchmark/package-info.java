/// The benchmarks, one file each: fields read, prompt, generation settings, scorer, aggregation, source.
@NullMarked
package dev.aerie.evaluate.benchmark;

import org.jspecify.annotations.NullMarked;
