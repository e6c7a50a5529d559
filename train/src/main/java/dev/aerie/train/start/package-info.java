/// Where a model in training comes from: original checkpoints of its parts, an Eagle checkpoint, or fresh weights.
@NullMarked
package dev.aerie.train.start;

import org.jspecify.annotations.NullMarked;
