/// From gradients to new weights.
@NullMarked
package dev.aerie.train.optimise;

import org.jspecify.annotations.NullMarked;
