/// Measures the parts of a model at full size with random weights, against what the machine can do.
@NullMarked
package dev.aerie.bench;

import org.jspecify.annotations.NullMarked;
