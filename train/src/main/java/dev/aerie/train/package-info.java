/// The paper's three stages and whatever else a stage file says: data, optimiser, checkpoints, logs.
@NullMarked
package dev.aerie.train;

import org.jspecify.annotations.NullMarked;
